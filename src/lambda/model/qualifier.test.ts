import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { record, scope, version } from '../../store/testing/records.ts';
import type { Alias } from './alias.ts';
import type { VersionSources } from './qualifier.ts';
import { isVersionNumber, versionToRun, versionToShow } from './qualifier.ts';
import { ownedKey, put, versionName } from './resources.ts';

const hello = { ...scope, name: 'hello' };

interface Scene {
  readonly versions: readonly string[];
  readonly aliases: readonly Alias[];
}

const alias = (name: string, functionVersion: string, additionalVersionWeights = {}): Alias => {
  return { name, functionVersion, description: '', additionalVersionWeights, revisionId: 'r' };
};

async function sources({ versions, aliases }: Scene, fraction = () => 0): Promise<VersionSources> {
  const documents = memoryDocuments();
  const published = (number: string) => ({ ...version('hello', number, 'aa'), version: number });
  const latest = version('hello', 'new', 'bb');
  const serving = version('hello', 'old', 'aa');
  await documents.functions.create({ ...record('hello'), latest, serving }, [
    ...versions.map((number) => put('version', ownedKey(hello, versionName(number)), published(number))),
    ...aliases.map((each) => put('alias', ownedKey(hello, each.name), each)),
  ]);
  return { ...documents, random: { fraction } };
}

test('$LATEST runs what serves and shows what should be', async () => {
  const known = await sources({ versions: [], aliases: [alias('edge', '$LATEST')] });
  for (const qualifier of [undefined, '$LATEST', 'edge']) {
    assert.equal(versionToRun(known, hello, qualifier)?.revisionId, 'old');
    assert.equal(versionToShow(known, hello, qualifier)?.revisionId, 'new');
  }
});

test('what was never published, and what only looks like it, stands for nothing', async () => {
  const known = await sources({ versions: ['1', '12'], aliases: [alias('live', '1')] });
  for (const qualifier of [
    '2',
    '01',
    '0',
    '1 ',
    '-1',
    '1e0',
    '٣',
    '9'.repeat(40),
    'Live',
    'liv',
    '',
    '$LATEST.PUBLISHED',
  ]) {
    assert.equal(versionToRun(known, hello, qualifier), undefined, qualifier);
    assert.equal(versionToShow(known, hello, qualifier), undefined, qualifier);
  }
  assert.equal(versionToRun(known, { ...hello, name: 'other' }, '1'), undefined);
  assert.equal(versionToRun(known, { ...hello, region: 'eu-west-1' }, 'live'), undefined);
});

test('an alias takes its further version when chance falls below its weight', async () => {
  const scene = { versions: ['1', '2'], aliases: [alias('live', '1', { 2: 0.25 })] };
  const ran = async (fraction: number) => versionToRun(await sources(scene, () => fraction), hello, 'live')?.version;
  assert.deepEqual([await ran(0), await ran(0.2499), await ran(0.25), await ran(0.9999)], ['2', '2', '1', '1']);
  assert.equal(versionToShow(await sources(scene), hello, 'live')?.version, '1');
});

test('version numbers are written in one way', () => {
  const right = ['1', '9', '10', '123456789012'];
  assert.deepEqual([...right, '', '0', '01', '1a', '+1', '1234567890123', '1\n'].filter(isVersionNumber), right);
});
