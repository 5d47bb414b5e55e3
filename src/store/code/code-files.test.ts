import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { laidTogether, PackageError } from '../../lambda/model/code-store.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { type TestEntry, zipOf } from '../testing/zip.ts';
import { CodeFiles } from './code-files.ts';

const broken = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
const file = 0o100000;
const link = 0o120777;

function opened(t: TestContext) {
  const folder = temporaryFolder(t);
  return { folder, code: new CodeFiles(folder, systemClock) };
}

/** As a package comes out of a bucket. */
async function putInPieces(code: CodeFiles, zip: Buffer) {
  const pieces = async function* () {
    for (let at = 0; at < zip.length; at += 1000) yield zip.subarray(at, at + 1000);
  };
  await using received = await code.receive(pieces());
  return await code.put(received);
}

test('a package is kept as it was sent and unpacked with its modes', async (t) => {
  const { code } = opened(t);
  const zip = zipOf([
    { name: 'index.mjs', content: 'export {}', mode: file | 0o644 },
    { name: 'bin/run', content: '#!/bin/sh', mode: file | 0o6777 },
    { name: 'plain/', mode: 0o040775 },
    { name: './plain/é.txt', content: 'x'.repeat(5000) },
    { name: 'stored', content: 'as it is', stored: true, mode: file | 0o400 },
    { name: 'node_modules/.bin/run', content: '../../bin/run', mode: link },
  ]);
  const reference = await code.put(zip);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  assert.deepEqual(reference, { sha256, size: zip.length, unzippedSize: 9 + 9 + 5000 + 8 + 13 });
  assert.deepEqual(await buffer(code.read(sha256)), zip);
  const folder = await code.unpacked(sha256);
  const mode = (name: string) => (statSync(join(folder, name)).mode & 0o7777).toString(8);
  const names = ['.', 'index.mjs', 'bin', 'bin/run', 'plain', 'plain/é.txt', 'stored'];
  assert.deepEqual(names.map(mode), ['755', '644', '755', '755', '755', '644', '444']);
  assert.equal(readFileSync(join(folder, 'plain/é.txt'), 'utf8'), 'x'.repeat(5000));
  assert.equal(readlinkSync(join(folder, 'node_modules/.bin/run')), '../../bin/run');
});

test('a large entry, stored or deflated, and bytes before the archive do no harm', async (t) => {
  const { code } = opened(t);
  const large = Buffer.alloc(5 * 1024 * 1024, 'abcdefg');
  const entries = [
    { name: 'deflated', content: large },
    { name: 'stored', content: large, stored: true },
  ];
  const { sha256 } = await code.put(zipOf(entries, Buffer.from('#!/bin/sh\nexec java\n')));
  const folder = await code.unpacked(sha256);
  for (const { name } of entries) assert.ok(readFileSync(join(folder, name)).equals(large));
});

const hostile: readonly (readonly [why: string, entries: readonly TestEntry[]])[] = [
  ['a name that goes up', [{ name: '../evil' }]],
  ['a name that goes up in the middle', [{ name: 'a/../../evil' }]],
  ['an absolute name', [{ name: '/etc/passwd' }]],
  ['a drive', [{ name: 'C:evil' }]],
  ['a backslash', [{ name: '..\\evil' }]],
  ['a zero byte', [{ name: 'a\0b' }]],
  ['a name of 300 letters', [{ name: 'a'.repeat(300) }]],
  ['the same name twice', [{ name: 'a' }, { name: './a' }]],
  ['a file that is a folder too', [{ name: 'a' }, { name: 'a/b' }]],
  ['a file behind a link', [{ name: 'a', content: '.', mode: link }, { name: 'a/b' }]],
  ['a link to an absolute path', [{ name: 'x' }, { name: 'a', content: '/etc/passwd', mode: link }]],
  ['a link that leads out', [{ name: 'x' }, { name: 'a/b', content: '../../x', mode: link }]],
  ['a link that goes up behind another', [{ name: 'x' }, { name: 'a/l', content: 'k/../../x', mode: link }]],
  ['a device', [{ name: 'null', mode: 0o020666 }]],
  ['a pipe', [{ name: 'pipe', mode: 0o010666 }]],
  ['encryption', [{ name: 'a', content: 'x', claims: { flags: 1 } }]],
  ['a method that Lambda does not know', [{ name: 'a', content: 'x', claims: { method: 14 } }]],
  ['more content than it says', [{ name: 'a', content: 'x'.repeat(100_000), claims: { size: 10 } }]],
  ['more content than it says, stored', [{ name: 'a', content: 'xx', stored: true, claims: { size: 1 } }]],
  ['a small entry with far more data than content', [{ name: 'a', content: randomBytes(5e6), claims: { size: 1 } }]],
  ['more content than it says, in pieces', [{ name: 'a', content: Buffer.alloc(9e6), claims: { size: 5e6 } }]],
  ['less content than it says', [{ name: 'a', content: 'x', claims: { size: 10 } }]],
  ['another checksum', [{ name: 'a', content: 'x', claims: { crc32: 1 } }]],
  [
    'entries that share their data',
    [
      { name: 'a', content: 'x' },
      { name: 'b', content: 'x', sharesWith: 0 },
    ],
  ],
];

for (const [why, entries] of hostile) {
  test(`refused, and nothing of it stays: ${why}`, async (t) => {
    const { code, folder } = opened(t);
    const isRefused = (error: unknown) => error instanceof PackageError && error.message === broken;
    await assert.rejects(code.put(zipOf(entries)), isRefused);
    await assert.rejects(putInPieces(code, zipOf(entries)), isRefused);
    const left = ['zip', 'unpacked', 'unfinished'].flatMap((name) => readdirSync(join(folder, 'code', name)));
    assert.deepEqual(left, []);
  });
}

test('a package that comes in pieces is kept as one that comes whole, and read from its file', async (t) => {
  const { code, folder } = opened(t);
  const many = Array.from({ length: 2000 }, (_, n) => ({ name: `many/${n}`, content: String(n) }));
  const large = Buffer.alloc(9 * 1024 * 1024, 'abcdefg');
  const zip = zipOf([...many, { name: 'deflated', content: large }, { name: 'stored', content: large, stored: true }]);
  const reference = await putInPieces(code, zip);
  assert.deepEqual(await buffer(code.read(reference.sha256)), zip);
  rmSync(join(folder, 'code', 'unpacked', reference.sha256), { recursive: true });
  const unpacked = await code.unpacked(reference.sha256);
  for (const name of ['deflated', 'stored']) assert.ok(readFileSync(join(unpacked, name)).equals(large));
  assert.equal(readFileSync(join(unpacked, 'many/1999'), 'utf8'), '1999');
  assert.deepEqual(await code.put(zip), reference);
  assert.deepEqual(await putInPieces(code, zip), reference);
  assert.deepEqual(readdirSync(join(folder, 'code', 'unfinished')), []);
});

test('what does not come to its end leaves nothing', async (t) => {
  const { code, folder } = opened(t);
  const breaking = async function* () {
    yield Buffer.from('PK');
    throw new Error('gone');
  };
  await assert.rejects(code.receive(breaking()), { message: 'gone' });
  assert.deepEqual(readdirSync(join(folder, 'code', 'unfinished')), []);
});

test('a bomb is refused by what it says, before anything is written', async (t) => {
  const { code } = opened(t);
  const half = { content: 'x', claims: { size: 131_072_001 } };
  const bomb = zipOf([
    { name: 'a', ...half },
    { name: 'b', ...half },
  ]);
  await assert.rejects(code.put(bomb), {
    name: 'PackageError',
    message: 'Unzipped size must be smaller than 262144000 bytes',
  });
});

test('no bytes of a ZIP can be changed so that anything but PackageError comes out', async (t) => {
  const { code } = opened(t);
  const zip = zipOf([
    { name: 'index.js', content: 'x'.repeat(50), mode: file | 0o644 },
    { name: 'b', stored: true },
  ]);
  const outcomes = new Set<string>();
  for (let at = 0; at < zip.length; at += 1) {
    const changed = Buffer.from(zip);
    changed.writeUInt8((zip[at] ?? 0) ^ 0x55, at);
    for (const hurt of [changed, zip.subarray(0, at)]) {
      for (const put of [(zip: Buffer) => code.put(zip), (zip: Buffer) => putInPieces(code, zip)]) {
        outcomes.add(
          await put(hurt).then(
            () => 'kept',
            (error) => error.name,
          ),
        );
      }
    }
  }
  assert.deepEqual([...outcomes].sort(), ['PackageError', 'kept']);
});

test('an archive without files is told apart from a broken one', async (t) => {
  const { code } = opened(t);
  await assert.rejects(code.put(zipOf([])), { message: 'Uploaded file must be a non-empty zip' });
});

test('what was being unpacked when the process died is not found, and is unpacked again', async (t) => {
  const { code, folder } = opened(t);
  const { sha256 } = await code.put(zipOf([{ name: 'a', content: 'x' }]));
  rmSync(join(folder, 'code', 'unpacked', sha256), { recursive: true });
  mkdirSync(join(folder, 'code', 'unfinished', 'half'));
  const again = new CodeFiles(folder, systemClock);
  const [one, other] = await Promise.all([again.unpacked(sha256), again.unpacked(sha256)]);
  assert.equal(one, other);
  assert.deepEqual(readdirSync(one), ['a']);
  assert.deepEqual(readdirSync(join(folder, 'code', 'unfinished')), []);
});

test('after the machine was started anew, content is unpacked anew', async (t) => {
  const { code, folder } = opened(t);
  const { sha256 } = await code.put(zipOf([{ name: 'a', content: 'whole' }]));
  const torn = join(folder, 'code', 'unpacked', sha256, 'a');
  writeFileSync(torn, '');
  writeFileSync(join(folder, 'code', 'boot'), 'another boot');
  const again = new CodeFiles(folder, systemClock);
  assert.equal(readFileSync(join(await again.unpacked(sha256), 'a'), 'utf8'), 'whole');
});

test('a package that somebody runs is not swept until the last has let go', async (t) => {
  let now = 0;
  const folder = temporaryFolder(t);
  const code = new CodeFiles(folder, { ...systemClock, now: () => now });
  const { sha256 } = await code.put(zipOf([{ name: 'a' }]));
  const holds = [code.hold(sha256), code.hold(sha256)];
  now = 3_600_000;
  const none = new Set<string>();
  assert.equal(await code.sweep(none), 1);
  holds[0]?.[Symbol.dispose]();
  holds[0]?.[Symbol.dispose]();
  assert.equal(await code.sweep(none), 1);
  assert.ok(statSync(join(folder, 'code', 'unpacked', sha256)).isDirectory());
  holds[1]?.[Symbol.dispose]();
  assert.equal(await code.sweep(none), 0);
  const left = ['zip', 'unpacked', 'unfinished'].flatMap((name) => readdirSync(join(folder, 'code', name)));
  assert.deepEqual(left, []);
});

test('sweep removes what nobody needs, and spares what was just put', async (t) => {
  const folder = temporaryFolder(t);
  let now = 0;
  const clock = { ...systemClock, now: () => now };
  const code = new CodeFiles(folder, clock);
  const needed = await code.put(zipOf([{ name: 'a' }]));
  const old = await code.put(zipOf([{ name: 'b/c', mode: file | 0o444 }]));
  now = 3_600_000;
  const fresh = await code.put(zipOf([{ name: 'c' }]));
  assert.equal(await code.sweep(new Set([needed.sha256])), 1);
  const expected = [needed.sha256, fresh.sha256].sort();
  assert.deepEqual(readdirSync(join(folder, 'code', 'unpacked')).sort(), expected);
  assert.deepEqual(
    readdirSync(join(folder, 'code', 'zip')).sort(),
    expected.map((each) => `${each}.zip`),
  );
  await assert.rejects(code.unpacked(old.sha256), { code: 'ENOENT' });
});

test('packages laid together show the later ones, hold no bytes twice, and go when nobody needs them together', async (t) => {
  const folder = temporaryFolder(t);
  let now = 0;
  const code = new CodeFiles(folder, { ...systemClock, now: () => now });
  const zips: TestEntry[][] = [
    [
      { name: 'bin/tool', content: 'old', mode: file | 0o755 },
      { name: 'lib/only', content: 'first' },
    ],
    [
      { name: 'bin/tool', content: 'new', mode: file | 0o755 },
      { name: 'bin/alias', content: 'tool', mode: link },
      { name: 'lib', content: '' },
    ],
    [{ name: 'lib/only', content: 'third', mode: file | 0o400 }],
  ];
  const parts: string[] = [];
  for (const entries of zips) parts.push((await code.put(zipOf(entries))).sha256);
  const [first = '', second = '', third = ''] = parts;
  const [together, again] = await Promise.all([code.together(parts), code.together(parts)]);
  assert.equal(together, again);
  const read = (name: string) => readFileSync(join(together, name), 'utf8');
  assert.deepEqual(['bin/tool', 'bin/alias', 'lib/only'].map(read), ['new', 'new', 'third']);
  assert.equal(statSync(join(together, 'bin/tool')).ino, statSync(join(await code.unpacked(second), 'bin/tool')).ino);
  assert.equal(statSync(join(together, 'bin/tool')).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(join(together, 'lib')), ['only']);
  assert.equal(readFileSync(join(await code.together([third, second, first]), 'bin/tool'), 'utf8'), 'old');
  assert.equal(await code.together([first]), await code.unpacked(first));
  now = 3_600_000;
  assert.equal(await code.sweep(new Set([...parts, laidTogether(parts)])), 0);
  assert.deepEqual(readdirSync(join(folder, 'code', 'unpacked')).sort(), [...parts, laidTogether(parts)].sort());
});
