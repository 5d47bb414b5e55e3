import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionConfiguration, FunctionRecord } from '../model/function.ts';
import type { FunctionEvent } from './function-state.ts';
import { advance, created, phaseOf } from './function-state.ts';

const configuration: FunctionConfiguration = {
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  role: 'arn:aws:iam::000000000000:role/run',
  description: '',
  memorySizeMb: 128,
  timeoutSeconds: 3,
  ephemeralStorageMb: 512,
  architecture: 'x86_64',
  packageType: 'Zip',
  tracingMode: 'PassThrough',
  loggingConfig: { logFormat: 'Text', logGroup: '/aws/lambda/f' },
  stored: {},
};
const code = { sha256: 'old', size: 1, unzippedSize: 1 };
const who = { accountId: '000000000000', region: 'us-east-1', name: 'f' };

const events: Record<FunctionEvent['kind'], FunctionEvent> = {
  update: { kind: 'update', id: 'B', revisionId: 'r9', configuration, code: { ...code, sha256: 'new' } },
  tag: { kind: 'tag', revisionId: 'r9', tags: { a: 'b' } },
  publish: { kind: 'publish', revisionId: 'r9' },
  ready: { kind: 'ready', revisionId: 'r9' },
  failed: { kind: 'failed', revisionId: 'r9', reason: 'no such thing', reasonCode: 'InvalidRuntime' },
};

function step(record: FunctionRecord, ...kinds: FunctionEvent['kind'][]): FunctionRecord {
  return kinds.reduce((before, kind) => {
    const after = advance(before, events[kind], 2000);
    assert.ok(after !== 'refused', `${kind} is expected here`);
    return after;
  }, record);
}

const creating = created({ ...who, id: 'A', revisionId: 'r1', configuration, code, tags: {} }, 1000);
const records: Record<string, FunctionRecord> = {
  creating,
  unusable: step(creating, 'failed'),
  'creating again': step(creating, 'failed', 'update'),
  settled: step(creating, 'ready'),
  updating: step(creating, 'ready', 'update'),
  'settled, update failed': step(creating, 'ready', 'update', 'failed'),
};

/** One line: state, update status, snapshot, what serves, revision. */
function shown(record: FunctionRecord | 'refused'): string {
  if (record === 'refused') return 'refused';
  const { latest, serving, tags } = record;
  const stated = (each: { value: string; reasonCode?: string } | undefined) =>
    each === undefined ? '-' : `${each.value}${each.reasonCode ? `(${each.reasonCode})` : ''}`;
  const served = serving ? `${serving.id}/${serving.code.sha256}` : '-';
  const parts = [stated(latest.state), stated(latest.lastUpdateStatus), `${latest.id}/${latest.code.sha256}`, served];
  return `${parts.join(' ')} ${latest.revisionId}${Object.keys(tags).length > 0 ? ' tagged' : ''}`;
}

/** state · last update · latest snapshot · serving snapshot · revision */
const expected = `
creating               = Pending(Creating) - A/old - r1
  update               → refused
  tag                  → refused
  publish              → refused
  ready                → Active Successful A/old A/old r9
  failed               → Failed(InvalidRuntime) Failed(InvalidRuntime) A/old - r9
unusable               = Failed(InvalidRuntime) Failed(InvalidRuntime) A/old - r9
  update               → Pending(Creating) InProgress(Creating) B/new - r9
  tag                  → Failed(InvalidRuntime) Failed(InvalidRuntime) A/old - r9 tagged
  publish              → refused
  ready                → refused
  failed               → refused
creating again         = Pending(Creating) InProgress(Creating) B/new - r9
  update               → refused
  tag                  → refused
  publish              → refused
  ready                → Active Successful B/new B/new r9
  failed               → Failed(InvalidRuntime) Failed(InvalidRuntime) B/new - r9
settled                = Active Successful A/old A/old r9
  update               → Active InProgress(Creating) B/new A/old r9
  tag                  → Active Successful A/old A/old r9 tagged
  publish              → Active Successful A/old A/old r9
  ready                → refused
  failed               → refused
updating               = Active InProgress(Creating) B/new A/old r9
  update               → refused
  tag                  → refused
  publish              → refused
  ready                → Active Successful B/new B/new r9
  failed               → Active Failed(InvalidRuntime) B/new A/old r9
settled, update failed = Active Failed(InvalidRuntime) B/new A/old r9
  update               → Active InProgress(Creating) B/new A/old r9
  tag                  → Active Failed(InvalidRuntime) B/new A/old r9 tagged
  publish              → Active Failed(InvalidRuntime) B/new A/old r9
  ready                → refused
  failed               → refused
`;

test('every state against every event', () => {
  const lines = Object.entries(records).flatMap(([title, record]) => [
    `${title.padEnd(22)} = ${shown(record)}`,
    ...Object.values(events).map((event) => `  ${event.kind.padEnd(20)} → ${shown(advance(record, event, 3000))}`),
  ]);
  assert.equal(`\n${lines.join('\n')}\n`, expected);
});

test('the phases are what the names of the records say', () => {
  const phases = Object.values(records).map(phaseOf);
  assert.deepEqual(phases, ['creating', 'unusable', 'creating', 'settled', 'updating', 'settled']);
});

test('only an update changes LastModified', () => {
  const { settled, updating } = records;
  assert.equal(settled?.latest.lastModified, 1000);
  assert.equal(updating?.latest.lastModified, 2000);
});

test('a creation gives the reason that AWS gives', () => {
  const { state } = creating.latest;
  assert.deepEqual(state, { value: 'Pending', reason: 'The function is being created.', reasonCode: 'Creating' });
});
