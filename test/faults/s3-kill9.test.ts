/** `kill -9` while objects are written: what was answered is there, byte for byte, and of the rest there is nothing. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Server, startServer } from '../harness/server.ts';

const Bucket = 'bucket';
const sizes = [0, 1000, 16 * 1024, 100_000, 2_000_000];

/** By key: the MD5 of what was acknowledged last, `gone` after a deletion, and `open` while the next answer is awaited. */
type Expected = Map<string, { readonly md5: string; readonly open: boolean }>;

test('nothing of S3 that was answered is lost, and nothing that was not is left', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-s3-kill9-'));
  const expected: Expected = new Map();
  try {
    for (let round = 0; round < 3; round += 1) await oneRound(dataDir, round, expected);
    await using server = await startServer({ dataDir });
    assert.ok(expected.size > 30, `too little load: ${expected.size}`);
    await allIsThere(server, expected);
    await onlyThatIsThere(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

function clientOf({ endpoint }: Server): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function oneRound(dataDir: string, round: number, expected: Expected): Promise<void> {
  await using server = await startServer({ dataDir });
  const client = clientOf(server);
  if (round === 0) await client.send(new CreateBucketCommand({ Bucket }));
  let running = true;
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let n = 0; running; n += 1) {
      // The same keys again and again, so that killing meets overwriting and deleting, too.
      const key = `${writer}/${n % 9}`;
      await step(client, key, (n + writer) % 11, expected).catch(() => {});
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await server.kill9();
  running = false;
  await Promise.all(writers);
}

async function step(client: S3Client, Key: string, kind: number, expected: Expected): Promise<void> {
  const before = expected.get(Key)?.md5 ?? 'gone';
  expected.set(Key, { md5: before, open: true });
  if (kind === 10) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expected.set(Key, { md5: 'gone', open: false });
    return;
  }
  const body = randomBytes(sizes[kind % sizes.length] ?? 0);
  if (kind === 9) await multipart(client, Key, body);
  else await client.send(new PutObjectCommand({ Bucket, Key, Body: body }));
  expected.set(Key, { md5: md5(body), open: false });
}

async function multipart(client: S3Client, Key: string, body: Buffer): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const at = { Bucket, Key, UploadId };
  const { ETag } = await client.send(new UploadPartCommand({ ...at, PartNumber: 1, Body: body }));
  await client.send(
    new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
  );
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Where the last answer never came, the write may have been done or not; but what is there is whole (its ETag says). */
async function allIsThere(server: Server, expected: Expected): Promise<void> {
  const client = clientOf(server);
  for (const [Key, { md5: wanted, open }] of expected) {
    const found = await client.send(new GetObjectCommand({ Bucket, Key })).catch((error) => {
      assert.equal(error.name, 'NoSuchKey');
      return undefined;
    });
    const bytes = await found?.Body?.transformToByteArray();
    const there = bytes === undefined ? 'gone' : md5(bytes);
    if (!open) assert.equal(there, wanted, `${Key} is not what was answered`);
    else if (found?.ETag?.includes('-') === false) assert.equal(`"${there}"`, found.ETag);
  }
}

/** Files on the disk are those that the database knows; what a killed server left goes soon after the start. */
async function onlyThatIsThere(dataDir: string): Promise<void> {
  using database = new DatabaseSync(join(dataDir, 'lambent.db'), { readOnly: true });
  const owned = database.prepare('SELECT id FROM object_file WHERE owner IS NOT NULL ORDER BY id');
  const files = () =>
    readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  for (let turn = 0; turn < 200 && files().length !== owned.all().length; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(
    files(),
    owned.all().map(({ id }) => id),
  );
  assert.deepEqual(readdirSync(join(dataDir, 'objects', 'unfinished')), []);
}
