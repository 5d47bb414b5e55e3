/** Multipart uploads and copies with the JavaScript SDK, over the wire. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { type S3Front, startS3 } from '../harness/s3.ts';

const Bucket = 'bucket';
const five = 5 * 1024 * 1024;
const first = randomBytes(five);
const second = randomBytes(five + 7);
const last = randomBytes(11);
const whole = Buffer.concat([first, second, last]);

describe('multipart uploads', () => {
  let s3: S3Front;
  let client: S3Client;
  const create = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? '';
  const part = async (Key: string, UploadId: string, PartNumber: number, Body: Buffer, more: object = {}) => {
    const answer = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
    const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } = answer;
    return { PartNumber, ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 };
  };
  const complete = (Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
  const bytes = async (Key: string, more: object = {}) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  before(async () => {
    s3 = await startS3();
    client = s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    assert.deepEqual(s3.errors, []);
    await s3[Symbol.asyncDispose]();
  });

  test('parts in any order, one of them twice, become one object', async () => {
    const id = await create('whole', { ContentType: 'text/x', Metadata: { a: 'b' }, Tagging: 'k=v' });
    const three = await part('whole', id, 3, last);
    const two = await part('whole', id, 2, second);
    await part('whole', id, 1, randomBytes(five));
    const one = await part('whole', id, 1, first);
    await part('whole', id, 9, last);
    const listed = await client.send(new ListPartsCommand({ Bucket, Key: 'whole', UploadId: id, MaxParts: 2 }));
    assert.deepEqual(
      [
        listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
        listed.IsTruncated,
        listed.NextPartNumberMarker,
      ],
      [
        [
          [1, five],
          [2, five + 7],
        ],
        true,
        '2',
      ],
    );
    const done = await complete('whole', id, [one, two, three]);
    const md5s = [first, second, last].map((each) => createHash('md5').update(each).digest());
    assert.equal(done.ETag, `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-3"`);
    assert.ok(whole.equals(await bytes('whole')));
    assert.ok(
      whole.subarray(five - 3, five + 20).equals(await bytes('whole', { Range: `bytes=${five - 3}-${five + 19}` })),
    );
    assert.ok(second.equals(await bytes('whole', { PartNumber: 2 })));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 2 }));
    assert.deepEqual([head.PartsCount, head.ContentType, head.Metadata], [3, 'text/x', { a: 'b' }]);
    assert.deepEqual((await complete('whole', id, [one, two, three])).ETag, done.ETag, 'asked twice');
    await assert.rejects(part('whole', id, 1, last), { name: 'NoSuchUpload' });
  });

  test('checksums: of the whole where they can be joined, of the parts where not', async () => {
    for (const [ChecksumAlgorithm, ChecksumType] of [
      ['CRC32', 'FULL_OBJECT'],
      ['CRC64NVME', 'FULL_OBJECT'],
      ['CRC32C', 'COMPOSITE'],
      ['SHA256', 'COMPOSITE'],
    ] as const) {
      const Key = `sum-${ChecksumAlgorithm}`;
      const id = await create(Key, { ChecksumAlgorithm, ChecksumType });
      const one = await part(Key, id, 1, first, { ChecksumAlgorithm });
      const two = await part(Key, id, 2, last, { ChecksumAlgorithm });
      const done = await complete(Key, id, [one, two]);
      const told = done[`Checksum${ChecksumAlgorithm}`] ?? '';
      assert.equal(done.ChecksumType, ChecksumType);
      if (ChecksumType === 'COMPOSITE') assert.match(told, /-2$/);
      else {
        const plain = await client.send(
          new PutObjectCommand({ Bucket, Key: 'plain', Body: Buffer.concat([first, last]), ChecksumAlgorithm }),
        );
        assert.equal(told, plain[`Checksum${ChecksumAlgorithm}`]);
      }
      const attributes = await client.send(
        new GetObjectAttributesCommand({
          Bucket,
          Key,
          ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize'],
        }),
      );
      assert.equal(attributes.ObjectSize, five + 11);
      assert.equal(attributes.ETag, done.ETag?.replaceAll('"', ''));
      assert.deepEqual(
        attributes.ObjectParts?.Parts?.map(({ Size }) => Size),
        [five, 11],
      );
      assert.ok(Buffer.concat([first, last]).equals(await bytes(Key, { ChecksumMode: 'ENABLED' })));
    }
    await assert.rejects(create('x', { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' }), {
      name: 'InvalidRequest',
    });
  });

  test('what does not fit together is refused, and can be put right', async () => {
    const id = await create('wrong');
    const one = await part('wrong', id, 1, last);
    const two = await part('wrong', id, 2, last);
    await assert.rejects(complete('wrong', id, []), { name: 'MalformedXML' });
    await assert.rejects(complete('wrong', id, [two, one]), { name: 'InvalidPartOrder' });
    await assert.rejects(complete('wrong', id, [one, { PartNumber: 2, ETag: '"0"' }]), { name: 'InvalidPart' });
    await assert.rejects(complete('wrong', id, [one, { PartNumber: 3, ETag: one.ETag }]), { name: 'InvalidPart' });
    await assert.rejects(complete('wrong', id, [one, two]), { name: 'EntityTooSmall', MinSizeAllowed: String(five) });
    await assert.rejects(complete('wrong', id, [one], { MpuObjectSize: 5 }), { name: 'InvalidRequest' });
    await assert.rejects(part('wrong', id, 0, last), { name: 'InvalidArgument' });
    await assert.rejects(part('wrong', 'nobody', 1, last), { name: 'NoSuchUpload' });
    await complete('wrong', id, [one]);
    await assert.rejects(complete('wrong', await create('wrong'), [one], { IfNoneMatch: '*' }), {
      name: 'InvalidPart',
    });
  });

  test('uploads are listed until they are aborted, and leave nothing', async () => {
    const ids = [await create('up/a'), await create('up/a'), await create('up/b/c')];
    await part('up/a', ids[0] ?? '', 1, last);
    const list = (more: object) => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'up/', ...more }));
    const page = await list({ MaxUploads: 1 });
    assert.deepEqual([page.Uploads?.map(({ UploadId }) => UploadId), page.IsTruncated], [[ids[0]], true]);
    const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker, Delimiter: '/' });
    assert.deepEqual(
      rest.Uploads?.map(({ UploadId }) => UploadId),
      [ids[1]],
    );
    assert.deepEqual(
      rest.CommonPrefixes?.map((each) => each.Prefix),
      ['up/b/'],
    );
    const files = () => readdirSync(join(s3.folder, 'objects'), { recursive: true }).length;
    const filesBefore = files();
    for (const [place, Key] of ['up/a', 'up/a', 'up/b/c'].entries()) {
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: ids[place] }));
    }
    for (let turn = 0; files() >= filesBefore && turn < 200; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(files(), filesBefore - 1);
    assert.equal((await list({})).Uploads, undefined);
  });

  test('a bucket with unfinished uploads can be deleted', async () => {
    const other = { Bucket: 'unfinished' };
    await client.send(new CreateBucketCommand(other));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...other, Key: 'k' }));
    await client.send(new UploadPartCommand({ ...other, Key: 'k', UploadId, PartNumber: 1, Body: last }));
    await client.send(new DeleteBucketCommand(other));
  });

  test('parts can be copied, whole or in part', async () => {
    const source = await client.send(new PutObjectCommand({ Bucket, Key: 'sour ce+ü', Body: whole }));
    const id = await create('copied-parts', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const CopySource = `${Bucket}/${encodeURIComponent('sour ce+ü')}`;
    const copy = async (PartNumber: number, CopySourceRange: string) => {
      const input = { Bucket, Key: 'copied-parts', UploadId: id, PartNumber, CopySource, CopySourceRange };
      const { CopyPartResult } = await client.send(
        new UploadPartCopyCommand({ ...input, CopySourceIfMatch: source.ETag }),
      );
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    const parts = [await copy(1, `bytes=0-${five + 4}`), await copy(2, `bytes=${five + 5}-${whole.length - 1}`)];
    await assert.rejects(copy(3, `bytes=0-${whole.length}`), { name: 'InvalidArgument' });
    await complete('copied-parts', id, parts);
    assert.ok(whole.equals(await bytes('copied-parts')));
  });

  test('what is copied or completed while others overwrite it is whole, one or the other', async () => {
    const bodies = ['a', 'b'].map((letter) => Buffer.alloc(300_000, letter));
    const [a = Buffer.of(), b = Buffer.of()] = bodies;
    const isWhole = (found: Buffer) => found.equals(a) || found.equals(b);
    await client.send(new PutObjectCommand({ Bucket, Key: 'busy', Body: a }));
    await Promise.all([
      ...Array.from({ length: 30 }, (_, n) =>
        client.send(new PutObjectCommand({ Bucket, Key: 'busy', Body: bodies[n % 2] ?? a })),
      ),
      ...Array.from({ length: 30 }, async (_, n) => {
        await client.send(new CopyObjectCommand({ Bucket, Key: `busy-${n}`, CopySource: `${Bucket}/busy` }));
        assert.ok(isWhole(await bytes(`busy-${n}`)));
        assert.ok(isWhole(await bytes('busy')));
      }),
    ]);
    for (let round = 0; round < 5; round += 1) {
      const id = await create('raced');
      const sent = await part('raced', id, 1, a);
      const again = part('raced', id, 1, b).catch((error) => assert.equal(error.name, 'NoSuchUpload'));
      const done = await complete('raced', id, [sent]).catch((error) => error);
      await again;
      if (done instanceof Error) assert.match(done.name, /^(InvalidPart|OperationAborted)$/);
      else assert.ok(a.equals(await bytes('raced')));
    }
  });

  test('copies: of small and large objects and of such with parts, with their metadata or new', async () => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'from',
        Body: 'text',
        ContentType: 'text/plain',
        Metadata: { a: '1' },
        Tagging: 't=1',
      }),
    );
    const copy = (Key: string, CopySource: string, more: object = {}) =>
      client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${CopySource}`, ...more }));
    await copy('to', 'from');
    const same = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
    assert.deepEqual([same.ContentType, same.Metadata, same.TagCount], ['text/plain', { a: '1' }, 1]);
    await copy('to', 'from', { MetadataDirective: 'REPLACE', ContentType: 'text/x', Metadata: { b: '2' } });
    const other = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
    assert.deepEqual([other.ContentType, other.Metadata, other.TagCount], ['text/x', { b: '2' }, 1]);
    const joined = await copy('joined', 'whole');
    assert.equal(joined.CopyObjectResult?.ETag, `"${createHash('md5').update(whole).digest('hex')}"`);
    await copy('again', 'joined');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'joined' }));
    assert.ok(whole.equals(await bytes('again')));
    await assert.rejects(copy('from', 'from'), { name: 'InvalidRequest' });
    await copy('from', 'from', { MetadataDirective: 'REPLACE', Metadata: { c: '3' } });
    assert.equal((await bytes('from')).toString(), 'text');
    await assert.rejects(copy('x', 'absent'), { name: 'NoSuchKey' });
    await assert.rejects(copy('x', 'from', { CopySourceIfMatch: '"0"' }), { name: 'PreconditionFailed' });
  });
});
