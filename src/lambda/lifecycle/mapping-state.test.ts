import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mapping, MappingState } from '../model/mapping/mapping.ts';
import { advanceMapping, createdMapping, type MappingEvent } from './mapping-state.ts';

const created = createdMapping(
  {
    accountId: '000000000000',
    region: 'us-east-1',
    uuid: 'U',
    source: 'sqs',
    functionName: 'f',
    qualifier: 'live',
    configuration: { BatchSize: 10 },
    enabled: true,
    tags: {},
    revisionId: 'r1',
  },
  1000,
);

const update = { kind: 'update', revisionId: 'r2', functionName: 'g', configuration: { BatchSize: 5 } } as const;
const events: Record<string, MappingEvent> = {
  'update, enabled': { ...update, enabled: true },
  'update, disabled': { ...update, enabled: false },
  delete: { kind: 'delete', revisionId: 'r2' },
  tag: { kind: 'tag', revisionId: 'r2', tags: { a: 'b' } },
  settled: { kind: 'settled', revisionId: 'r2' },
};

const states: readonly (readonly [MappingState, boolean])[] = [
  ['Creating', true],
  ['Creating', false],
  ['Enabled', true],
  ['Disabled', false],
  ['Updating', true],
  ['Enabling', true],
  ['Disabling', false],
  ['Deleting', true],
];

/** state (what should be) → state after each event */
const expected = `
Creating (enabled)     update, enabled refused · update, disabled refused · delete refused · tag Creating · settled Enabled
Creating (disabled)    update, enabled refused · update, disabled refused · delete refused · tag Creating · settled Disabled
Enabled (enabled)      update, enabled Updating · update, disabled Disabling · delete Deleting · tag Enabled · settled refused
Disabled (disabled)    update, enabled Enabling · update, disabled Updating · delete Deleting · tag Disabled · settled refused
Updating (enabled)     update, enabled refused · update, disabled refused · delete refused · tag Updating · settled Enabled
Enabling (enabled)     update, enabled refused · update, disabled refused · delete refused · tag Enabling · settled Enabled
Disabling (disabled)   update, enabled refused · update, disabled refused · delete refused · tag Disabling · settled Disabled
Deleting (enabled)     update, enabled refused · update, disabled refused · delete refused · tag refused · settled gone
`;

test('every state against every event', () => {
  const lines = states.map(([state, enabled]) => {
    const mapping: Mapping = { ...created, state, enabled };
    const after = Object.entries(events).map(([title, event]) => {
      const next = advanceMapping(mapping, event, 2000);
      return `${title} ${typeof next === 'string' ? next : next.state}`;
    });
    return `${`${state} (${enabled ? 'enabled' : 'disabled'})`.padEnd(22)} ${after.join(' · ')}`;
  });
  assert.equal(`\n${lines.join('\n')}\n`, expected);
});

test('an update moves the mapping to the function as it is named now, and every step has a new revision', () => {
  const enabled: Mapping = { ...created, state: 'Enabled' };
  const next = advanceMapping(enabled, { ...update, enabled: true }, 2000);
  assert.ok(typeof next !== 'string');
  const { functionName, qualifier, configuration, revisionId, lastModified } = next;
  assert.deepEqual(
    { functionName, qualifier, configuration, revisionId, lastModified },
    { functionName: 'g', qualifier: undefined, configuration: { BatchSize: 5 }, revisionId: 'r2', lastModified: 2000 },
  );
});

test('a settled mapping says what keeps its source from being read, until nothing does', () => {
  const hindered = advanceMapping(created, { kind: 'settled', revisionId: 'r2', hindrance: 'no poller' }, 2000);
  assert.ok(typeof hindered !== 'string');
  assert.deepEqual([hindered.state, hindered.hindrance], ['Enabled', 'no poller']);
  const updating: Mapping = { ...hindered, state: 'Updating' };
  const mended = advanceMapping(updating, { kind: 'settled', revisionId: 'r3' }, 3000);
  assert.ok(typeof mended !== 'string');
  assert.equal(mended.hindrance, undefined);
});
