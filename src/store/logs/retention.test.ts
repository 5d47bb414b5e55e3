import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStore } from '../testing/folder.ts';
import { scope } from '../testing/records.ts';

const day = 86_400_000;

test('events older than their group keeps them go, empty streams with them; other groups stay', async (t) => {
  const { logs } = await temporaryStore(t);
  for (const group of ['kept', 'short']) {
    logs.append({ ...scope, group, stream: 'old' }, [{ timestamp: day, message: 'a' }]);
    logs.append({ ...scope, group, stream: 'new' }, [{ timestamp: 9 * day, message: 'b' }]);
  }
  await logs.read();
  await logs.setRetention(scope, 'short', 3);
  await logs.expire(10 * day);
  const queries = await logs.read();
  const streams = (group: string) => queries.streams(scope, group).map(({ name }) => name);
  assert.deepEqual([streams('kept'), streams('short')], [['new', 'old'], ['new']]);
});

test('tags and filters of a group survive a restart and go with the group', async (t) => {
  const store = await temporaryStore(t);
  const { logs } = store;
  logs.append({ ...scope, group: 'g', stream: 's' }, [{ timestamp: 1, message: 'a' }]);
  const filter = { kind: 'metric', name: 'f', pattern: 'a', transformations: [], created: 1 } as const;
  await logs.settings.setTags(scope, 'g', { a: '1' });
  await logs.settings.putFilter(scope, 'g', filter);
  assert.deepEqual([...(logs.settings.filters(scope, 'g') ?? [])], [filter]);
  await logs.deleteGroup(scope, 'g');
  assert.deepEqual([logs.settings.tags(scope, 'g'), logs.settings.filters(scope, 'g')], [{}, undefined]);
  assert.deepEqual(logs.settings.allFilters(scope), []);
});
