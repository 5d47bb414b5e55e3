import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { openIn, temporaryFolder, temporaryStore } from '../testing/folder.ts';
import type { ListQuery } from './listing.ts';
import type { ObjectStore } from './object-store.ts';
import type { Bucket, BucketSettings, ObjectDetails } from './records.ts';

const details: ObjectDetails = { headers: {}, metadata: {}, tags: [], storageClass: 'STANDARD' };

async function bucketIn(objects: ObjectStore, settings: BucketSettings = {}): Promise<Bucket> {
  const bucket = await objects.buckets.create({ name: 'b', accountId: '1', region: 'r', createdAt: 1, settings });
  assert.ok(bucket);
  return bucket;
}

async function put(objects: ObjectStore, bucket: Bucket, key: string, bytes: Buffer | string = '') {
  const staging = objects.stage();
  await staging.write(Buffer.from(bytes));
  const version = await objects.versions.put({ bucket, key, etag: 'e', body: await staging.finish(), details });
  assert.ok(version);
  return version;
}

async function content(objects: ObjectStore, bucket: Bucket, key: string, version?: string): Promise<Buffer> {
  const found = objects.versions.find(bucket, key, version);
  assert.ok(found);
  const bytes = objects.versions.read(found);
  assert.ok(bytes);
  return Buffer.isBuffer(bytes) ? bytes : buffer(bytes);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Deleted files go in the background. */
async function untilFiles(folder: string, count: number): Promise<void> {
  for (let turn = 0; filesIn(folder).length !== count; turn += 1) {
    assert.ok(turn < 500, `there are ${filesIn(folder).length} files, and not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('small bodies are rows and large ones files; both come back, whole and in part, after a restart', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  const bucket = await bucketIn(before.objects);
  const large = randomBytes(3_000_000);
  await put(before.objects, bucket, 'small', 'abcdef');
  await put(before.objects, bucket, 'empty');
  await put(before.objects, bucket, 'large', large);
  await before.close();
  const { objects, close } = await openIn(folder);
  t.after(close);
  assert.equal((await content(objects, bucket, 'small')).toString(), 'abcdef');
  assert.equal((await content(objects, bucket, 'empty')).length, 0);
  assert.ok((await content(objects, bucket, 'large')).equals(large));
  const found = objects.versions.find(bucket, 'large');
  assert.ok(found);
  const part = objects.versions.read(found, 1_000_000, 2_000_001);
  assert.ok(part && !Buffer.isBuffer(part));
  assert.ok((await buffer(part)).equals(large.subarray(1_000_000, 2_000_001)));
  assert.equal(filesIn(folder).length, 1);
});

test('what is overwritten or deleted leaves no file, but whoever reads it reads to its end', async (t) => {
  const folder = temporaryFolder(t);
  const { objects, close } = await openIn(folder);
  t.after(close);
  const bucket = await bucketIn(objects);
  const first = randomBytes(1_000_000);
  await put(objects, bucket, 'k', first);
  const found = objects.versions.find(bucket, 'k');
  assert.ok(found);
  const reading = objects.versions.read(found);
  assert.ok(reading && !Buffer.isBuffer(reading));
  await put(objects, bucket, 'k', randomBytes(1_000_000));
  await objects.versions.remove({ bucket, key: 'k' });
  await untilFiles(folder, 1);
  assert.ok((await buffer(reading)).equals(first));
  await untilFiles(folder, 0);
});

test('a copy shares no fate with what it was copied from', async (t) => {
  const folder = temporaryFolder(t);
  const { objects, close } = await openIn(folder);
  t.after(close);
  const bucket = await bucketIn(objects);
  const bytes = randomBytes(100_000);
  const body = await objects.twin(await put(objects, bucket, 'from', bytes));
  assert.ok(body);
  await objects.versions.put({ bucket, key: 'to', etag: 'e', body, details });
  await objects.versions.remove({ bucket, key: 'from' });
  await untilFiles(folder, 1);
  assert.ok((await content(objects, bucket, 'to')).equals(bytes));
});

test('what is read or copied while others overwrite it is there, from the commit on', async (t) => {
  const folder = temporaryFolder(t);
  const { objects, close } = await openIn(folder);
  t.after(close);
  const bucket = await bucketIn(objects);
  await put(objects, bucket, 'k', randomBytes(100_000));
  let writing = true;
  const writes = (async () => {
    for (let n = 0; n < 100; n += 1) await put(objects, bucket, 'k', randomBytes(n % 2 === 0 ? 100_000 : 1000));
    writing = false;
  })();
  while (writing) {
    const { found, body } = objects.snapshot(() => {
      const found = objects.versions.find(bucket, 'k');
      assert.ok(found);
      return { found, body: objects.twin(found) };
    });
    const twin = await body;
    assert.equal(twin.size, found.size);
    await objects.discard(twin);
    await new Promise(setImmediate);
  }
  await writes;
  await untilFiles(folder, 0);
});

test('a start removes what a killed server left: bodies of nobody, and bodies of what was deleted', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  const bucket = await bucketIn(before.objects);
  await put(before.objects, bucket, 'kept', randomBytes(100_000));
  await before.close();
  writeFileSync(join(folder, 'objects', 'unfinished', 'ab'.repeat(16)), 'half a body');
  const { objects, close } = await openIn(folder);
  t.after(close);
  assert.equal(filesIn(folder).length, 1);
  assert.equal((await content(objects, bucket, 'kept')).length, 100_000);
});

test('a condition that fails, or a bucket that is gone, writes nothing and leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const { objects, close } = await openIn(folder);
  t.after(close);
  const bucket = await bucketIn(objects);
  const large = async () => {
    const staging = objects.stage();
    await staging.write(randomBytes(100_000));
    return staging.finish();
  };
  const refusing = () => {
    throw new Error('the condition does not hold');
  };
  const refused = objects.versions.put({ bucket, key: 'k', etag: 'e', body: await large(), details, check: refusing });
  await assert.rejects(refused, /does not hold/);
  assert.equal(await objects.deleteBucket(bucket), true);
  const late = await objects.versions.put({ bucket, key: 'k', etag: 'e', body: await large(), details });
  assert.equal(late, undefined);
  assert.deepEqual(filesIn(folder), []);
});

test('versions: markers, deletion of the latest, and the version null while versioning rests', async (t) => {
  const { objects } = await temporaryStore(t);
  const plain = await bucketIn(objects);
  await put(objects, plain, 'k', 'before');
  await objects.buckets.configure('b', (settings) => ({ ...settings, versioning: 'Enabled' }));
  const bucket = objects.buckets.get('b') ?? plain;
  const second = await put(objects, bucket, 'k', 'second');
  const { version: marker } = await objects.versions.remove({ bucket, key: 'k' });
  assert.equal(marker?.marker, true);
  assert.equal(objects.versions.find(bucket, 'k')?.marker, true);
  assert.equal((await content(objects, bucket, 'k', 'null')).toString(), 'before');
  await objects.versions.remove({ bucket, key: 'k', version: marker?.version });
  assert.equal((await content(objects, bucket, 'k')).toString(), 'second');
  await objects.buckets.configure('b', (settings) => ({ ...settings, versioning: 'Suspended' }));
  const resting = objects.buckets.get('b') ?? plain;
  await put(objects, resting, 'k', 'third');
  await put(objects, resting, 'k', 'fourth');
  const listed = objects.listings.versions({ bucket, prefix: '', delimiter: '', limit: 10 }).entries;
  assert.deepEqual(
    listed.map((entry) => ('item' in entry ? [entry.item.version, entry.item.latest] : [])),
    [
      ['null', true],
      [second.version, false],
    ],
  );
  assert.equal(await objects.deleteBucket(resting), false);
});

test('lists are in the order of bytes; prefixes are rolled up and stepped over, page by page', async (t) => {
  const { objects } = await temporaryStore(t);
  const bucket = await bucketIn(objects);
  const keys = ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'c/\u{10ffff}', 'c/1', '\uffee', '\u{1f600}'];
  await Promise.all(keys.map((key) => put(objects, bucket, key)));
  const pages = (query: Partial<ListQuery>, limit: number): string[][] => {
    const all: string[][] = [];
    let after: ListQuery['after'];
    for (;;) {
      const { entries, truncated } = objects.listings.objects({
        ...{ bucket, prefix: '', delimiter: '', limit, after },
        ...query,
      });
      const page = entries.map((entry) => ('prefix' in entry ? `${entry.prefix}*` : entry.item.key));
      all.push(page);
      if (!truncated) return all;
      after = { key: page.at(-1)?.replace(/\*$/, '') ?? '' };
    }
  };
  const inOrder = ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'c/1', 'c/\u{10ffff}', '\uffee', '\u{1f600}'];
  assert.deepEqual(pages({}, 100), [inOrder]);
  assert.deepEqual(pages({}, 2).flat(), inOrder);
  assert.deepEqual(pages({ delimiter: '/' }, 1).flat(), ['a', 'a/*', 'b', 'c/*', '\uffee', '\u{1f600}']);
  assert.deepEqual(pages({ delimiter: '/', prefix: 'a/' }, 2), [['a/1', 'a/2'], ['a/b/*']]);
  assert.deepEqual(pages({ prefix: 'c/' }, 9), [['c/1', 'c/\u{10ffff}']]);
  assert.deepEqual(pages({ prefix: 'nothing' }, 9), [[]]);
});
