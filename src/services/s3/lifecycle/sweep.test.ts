import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LifecycleRule } from '@aws-sdk/client-s3';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import type { ObjectDetails } from '../../../store/objects/records.ts';
import { openStore } from '../../../store/open.ts';
import { checkLifecycle, expirationOf } from './rules.ts';
import { LifecycleSweeper } from './sweep.ts';

const dayMs = 86_400_000;
const details: ObjectDetails = { headers: {}, metadata: {}, tags: [], storageClass: 'STANDARD' };

/** A bucket with rules, on a clock that the test moves. */
async function scene(t: TestContext, rules: LifecycleRule[], versioning?: 'Enabled') {
  const clock = new ManualClock(Date.UTC(2026, 0, 1, 10));
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-lifecycle-'));
  const store = await openStore({ dataDir, clock, log: silentLog });
  t.after(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const { objects } = store;
  const settings = { versioning, lifecycle: checkLifecycle(rules) };
  const bucket = await objects.buckets.create({ name: 'bucket', accountId: '1', region: 'r', createdAt: 0, settings });
  assert.ok(bucket);
  const sweeper = new LifecycleSweeper({ objects, targets: {}, clock, random: systemRandom, log: silentLog });
  return {
    put: async (key: string, more: Partial<ObjectDetails> = {}) => {
      const body = { kind: 'inline', size: 1, bytes: Buffer.from('x') } as const;
      await objects.versions.put({ bucket, key, etag: 'e', body, details: { ...details, ...more } });
    },
    remove: (key: string) => objects.versions.remove({ bucket, key }),
    upload: (key: string) => objects.uploads.create(bucket, key, { ...details, initiator: 'i' }),
    /** What is there days later: keys with their versions' count, markers as `!`. */
    after: async (days: number) => {
      await clock.advance(days * dayMs);
      await sweeper.sweep();
      const query = { bucket, prefix: '', delimiter: '', limit: 1000 };
      const versions = objects.listings.versions(query).entries;
      const uploads = objects.listings.uploads(query).entries;
      const named = versions.map((entry) =>
        'item' in entry ? `${entry.item.key}${entry.item.marker ? '!' : ''}` : '',
      );
      return [...named, ...uploads.map((entry) => ('item' in entry ? `upload ${entry.item.key}` : ''))];
    },
  };
}

test('objects expire at the midnight after their days, those that the rule speaks of', async (t) => {
  const Filter = { And: { Prefix: 'tmp/', Tags: [{ Key: 'keep', Value: 'no' }] } };
  const { put, after } = await scene(t, [{ Status: 'Enabled', Filter, Expiration: { Days: 1 } }]);
  const tags = [{ Key: 'keep', Value: 'no' }];
  await put('tmp/old', { tags });
  await put('tmp/kept');
  await put('other', { tags });
  assert.deepEqual(await after(1), ['other', 'tmp/kept', 'tmp/old']);
  assert.deepEqual(await after(0.5), ['other', 'tmp/kept', 'tmp/old'], 'the day is over, the midnight is not there');
  assert.deepEqual(await after(0.1), ['other', 'tmp/kept']);
});

test('a rule that is off, and a date that has not come, do nothing', async (t) => {
  const { put, after } = await scene(t, [
    { ID: 'off', Status: 'Disabled', Filter: {}, Expiration: { Days: 1 } },
    { ID: 'date', Status: 'Enabled', Filter: {}, Expiration: { Date: new Date(Date.UTC(2026, 0, 5)) } },
  ]);
  await put('k');
  assert.deepEqual(await after(3), ['k']);
  assert.deepEqual(await after(1), []);
});

test('in a versioned bucket the latest gets a marker, old versions go, and then the marker that hides nothing', async (t) => {
  const { put, remove, after } = await scene(
    t,
    [
      { ID: 'latest', Status: 'Enabled', Filter: { Prefix: 'a' }, Expiration: { Days: 2 } },
      {
        ID: 'old',
        Status: 'Enabled',
        Filter: {},
        NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
      { ID: 'c', Status: 'Enabled', Filter: { Prefix: 'c' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ],
    'Enabled',
  );
  for (const key of ['a', 'b', 'b', 'b', 'c']) await put(key);
  await remove('c');
  assert.deepEqual(await after(2.7), ['a!', 'a', 'b', 'b', 'b', 'c!']);
  assert.deepEqual(await after(1), ['a!', 'a', 'b', 'b'], 'one old version of each is kept');
});

test('uploads that nobody finishes go', async (t) => {
  const rule = { Status: 'Enabled', Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } } as const;
  const { put, upload, after } = await scene(t, [rule]);
  await put('k');
  await upload('u');
  assert.deepEqual(await after(2), ['k', 'upload u']);
  assert.deepEqual(await after(1), ['k']);
});

test('more than a page of objects expires', async (t) => {
  const { put, after } = await scene(t, [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } }]);
  await Promise.all(Array.from({ length: 1201 }, (_, n) => put(`k${n}`)));
  assert.deepEqual(await after(2), []);
});

test('what is no rule is refused, and an object tells by which it goes', () => {
  const wrong: readonly [code: string, rules: LifecycleRule[]][] = [
    ['MalformedXML', []],
    ['InvalidRequest', [{ Status: 'Enabled', Filter: {} }]],
    ['InvalidArgument', [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 0 } }]],
    ['MalformedXML', [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 1, Date: new Date(0) } }]],
    ['InvalidArgument', [{ Status: 'Enabled', Filter: {}, Expiration: { Date: new Date(1) } }]],
    ['InvalidArgument', [1, 2].map(() => ({ ID: 'same', Status: 'Enabled' as const, Expiration: { Days: 1 } }))],
  ];
  for (const [code, rules] of wrong) assert.throws(() => checkLifecycle(rules), { code }, JSON.stringify(rules));
  const rules = checkLifecycle([
    { ID: 'late', Status: 'Enabled', Filter: {}, Expiration: { Days: 9 } },
    { ID: 'so on', Status: 'Enabled', Filter: { Prefix: 'k' }, Expiration: { Days: 1 } },
  ]);
  const told = expirationOf(rules, { key: 'k', size: 1, details, modified: Date.UTC(2026, 0, 1, 10) });
  assert.equal(told, 'expiry-date="Sat, 03 Jan 2026 00:00:00 GMT", rule-id="so%20on"');
});
