import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionVersion } from '../model/function.ts';
import { advance, created } from './function-state.ts';
import { published, settledWith } from './publication.ts';

const configuration: FunctionVersion['configuration'] = {
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  role: 'arn:aws:iam::000000000000:role/run',
  description: 'of $LATEST',
  memorySizeMb: 128,
  timeoutSeconds: 3,
  ephemeralStorageMb: 512,
  architecture: 'x86_64',
  packageType: 'Zip',
  tracingMode: 'PassThrough',
  loggingConfig: { logFormat: 'Text', logGroup: '/aws/lambda/f' },
  stored: {},
};
const parts = { accountId: '000000000000', region: 'us-east-1', name: 'f', configuration, tags: {} };
const creating = created(
  { ...parts, id: 'A', revisionId: 'r1', code: { sha256: 's', size: 1, unzippedSize: 1 } },
  1000,
);
const failure = { kind: 'failed', revisionId: 'r2', reason: 'no such thing', reasonCode: 'InvalidRuntime' } as const;

/** `$LATEST` as it may be found when what goes along with it is to be settled, or is published from it. */
const latest: Record<string, FunctionVersion> = {
  ready: after({ kind: 'ready', revisionId: 'r2' }),
  failed: after(failure),
};

function after(event: Parameters<typeof advance>[1]): FunctionVersion {
  const record = advance(creating, event, 2000);
  assert.ok(record !== 'refused');
  return record.latest;
}

function shown({ version, state, lastUpdateStatus, revisionId, configuration: { description } }: FunctionVersion) {
  const reason = (each: { value: string; reasonCode?: string } | undefined) =>
    each === undefined ? '-' : each.value + (each.reasonCode === undefined ? '' : `(${each.reasonCode})`);
  return `${version} ${reason(state)} ${reason(lastUpdateStatus)} ${revisionId} "${description}"`;
}

/** version · state · last update · revision · description */
const expected = `
published of its own           1 Active Successful p1 "of $LATEST"
published along                1 Pending(Creating) - p1 "of $LATEST"
published along, then ready    1 Active Successful p2 "of $LATEST"
published along, then failed   1 Failed(InvalidRuntime) Failed(InvalidRuntime) p2 "of $LATEST"
published with a description   1 Active Successful p1 "its own"
`;

test('what becomes of a version, however it was published', () => {
  const { ready = creating.latest, failed = creating.latest } = latest;
  const input = { id: 'B', revisionId: 'p1', version: '1', along: false };
  const along = published(creating.latest, { ...input, along: true }, 3000);
  const versions: Record<string, FunctionVersion> = {
    'of its own': published(ready, input, 3000),
    along,
    'along, then ready': settledWith(ready, along, 'p2'),
    'along, then failed': settledWith(failed, along, 'p2'),
    'with a description': published(ready, { ...input, description: 'its own' }, 3000),
  };
  const lines = Object.entries(versions).map(([how, version]) => `${`published ${how}`.padEnd(30)} ${shown(version)}`);
  assert.equal(`\n${lines.join('\n')}\n`, expected);
  for (const { id, lastModified } of Object.values(versions)) assert.deepEqual([id, lastModified], ['B', 3000]);
});
