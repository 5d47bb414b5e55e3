import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RequestContext } from '../../../aws/operation.ts';
import { systemClock } from '../../../base/clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import { openStore, type Store } from '../../../store/open.ts';
import type { LogsParts } from '../parts.ts';
import { LogWatch } from '../watch.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { putLogEvents } from './put-log-events.ts';

const day = 86_400_000;
const group = '/aws/lambda/f';
const context = { accountId: '000000000000', region: 'us-east-1' } as RequestContext; // operations read nothing else
let dataDir: string;
let store: Store;

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lambent-logs-api-'));
  store = await openStore({ dataDir, clock: systemClock, log: silentLog });
  for (let n = 0; n < 10; n += 1) {
    const stream = n % 2 === 0 ? 'even' : 'odd';
    store.logs.append({ ...context, group, stream }, [{ timestamp: 1000 + n, message: `message ${n}` }]);
  }
});

after(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const destinations = { refusal: () => undefined, deliver: async () => {} };
const parts = (): LogsParts => {
  const watch = new LogWatch({
    settings: store.logs.settings,
    clock: systemClock,
    log: silentLog,
    measure: async () => {},
    ...destinations,
  });
  return { logs: store.logs, clock: systemClock, random: systemRandom, watch, destinations };
};
const messages = (events: readonly { message?: string }[] = []) => events.map(({ message }) => message?.split(' ')[1]);

test('groups and streams are listed', async () => {
  const { logGroups } = await describeLogGroups(parts()).handle({ logGroupNamePrefix: '/aws' }, context);
  assert.equal(logGroups?.[0]?.arn, 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*');
  const first = await describeLogStreams(parts()).handle({ logGroupName: group, limit: 1 }, context);
  assert.equal(first.logStreams?.[0]?.logStreamName, 'even');
  const second = await describeLogStreams(parts()).handle(
    { logGroupName: group, limit: 1, nextToken: first.nextToken },
    context,
  );
  assert.deepEqual([second.logStreams?.[0]?.logStreamName, second.nextToken], ['odd', undefined]);
});

test('the latest events come first, and tokens lead both ways to ends that repeat', async () => {
  const read = (more: object) =>
    getLogEvents(parts()).handle({ logGroupName: group, logStreamName: 'even', limit: 2, ...more }, context);
  const latest = await read({});
  assert.deepEqual(messages(latest.events), ['6', '8']);
  const earlier = await read({ nextToken: latest.nextBackwardToken });
  assert.deepEqual(messages(earlier.events), ['2', '4']);
  const first = await read({ startFromHead: true });
  assert.deepEqual(messages(first.events), ['0', '2']);
  const next = await read({ nextToken: first.nextForwardToken });
  assert.deepEqual(messages(next.events), ['4', '6']);
  const end = await read({ nextToken: latest.nextForwardToken });
  assert.deepEqual([messages(end.events), end.nextForwardToken], [[], latest.nextForwardToken]);
});

test('a search goes through all streams in the order of time, page by page, without gap or overlap', async () => {
  const seen: (string | undefined)[] = [];
  const ids = new Set<string | undefined>();
  let nextToken: string | undefined;
  do {
    const found = await filterLogEvents(parts()).handle(
      { logGroupName: group, startTime: 1001, limit: 3, nextToken },
      context,
    );
    seen.push(...messages(found.events));
    for (const { eventId } of found.events ?? []) ids.add(eventId);
    nextToken = found.nextToken;
  } while (nextToken !== undefined);
  assert.deepEqual(seen, ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  assert.equal(ids.size, 9);
});

test('a pattern and an end narrow a search', async () => {
  const found = await filterLogEvents(parts()).handle(
    { logGroupName: group, filterPattern: '?3 ?7 ?9', endTime: 1007 },
    context,
  );
  assert.deepEqual(messages(found.events), ['3', '7']);
});

test('times that go back between two calls lose nothing, whichever way they are read', async () => {
  const earlier = { ...context, group: '/goes/back', stream: 's' };
  for (const times of [
    [2000, 2003],
    [1000, 2001],
  ]) {
    store.logs.append(
      earlier,
      times.map((timestamp) => ({ timestamp, message: `message ${timestamp}` })),
    );
    await store.logs.read();
  }
  const name = { logGroupName: '/goes/back', limit: 1 };
  const inOrder = ['1000', '2000', '2001', '2003'];
  const searched: (string | undefined)[] = [];
  for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
    const found = await filterLogEvents(parts()).handle({ ...name, nextToken }, context);
    searched.push(...messages(found.events));
    nextToken = found.nextToken;
  }
  assert.deepEqual(searched, inOrder);
  const early = await filterLogEvents(parts()).handle({ logGroupName: '/goes/back', endTime: 2000 }, context);
  assert.deepEqual(messages(early.events), ['1000', '2000']);
  const read = (more: object) => getLogEvents(parts()).handle({ ...name, logStreamName: 's', ...more }, context);
  const [up, down]: [(string | undefined)[], (string | undefined)[]] = [[], []];
  let forward = await read({ startFromHead: true });
  let backward = await read({});
  for (let n = 0; n < 4; n += 1) {
    up.push(...messages(forward.events));
    down.push(...messages(backward.events));
    forward = await read({ nextToken: forward.nextForwardToken });
    backward = await read({ nextToken: backward.nextBackwardToken });
  }
  assert.deepEqual([up, down], [inOrder, inOrder.toReversed()]);
  assert.deepEqual([forward.events, backward.events], [[], []]);
  const span = await read({ startTime: 1001, endTime: 2001, limit: 9 });
  assert.deepEqual(messages(span.events), ['2000']);
});

test('what is not there is said as AWS says it', async () => {
  const wrong = { name: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
  await assert.rejects(async () => filterLogEvents(parts()).handle({ logGroupName: 'absent' }, context), wrong);
  await assert.rejects(
    async () => getLogEvents(parts()).handle({ logGroupName: group, logStreamName: 'absent' }, context),
    { name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' },
  );
});

test('events that are too old are refused, the rest is kept', async () => {
  const now = systemClock.now();
  const answer = await putLogEvents(parts()).handle(
    {
      logGroupName: group,
      logStreamName: 'odd',
      logEvents: [
        { timestamp: now - 14 * day - 60_000, message: 'old' },
        { timestamp: now - 14 * day + 60_000, message: 'message new' },
      ],
    },
    context,
  );
  assert.deepEqual(answer.rejectedLogEventsInfo?.tooOldLogEventEndIndex, 1);
  const read = await getLogEvents(parts()).handle({ logGroupName: group, logStreamName: 'odd', limit: 1 }, context);
  assert.deepEqual(messages(read.events), ['new']);
});

test('what is older than its group keeps is refused when it comes', async () => {
  const now = systemClock.now();
  const place = { logGroupName: '/short', logStreamName: 's' };
  await store.logs.createGroup(context, '/short', now);
  await store.logs.createStream(context, '/short', 's', now);
  await store.logs.setRetention(context, '/short', 3);
  const put = (...ages: number[]) =>
    putLogEvents(parts()).handle(
      { ...place, logEvents: ages.map((age) => ({ timestamp: now - age, message: `message ${age}` })) },
      context,
    );
  const answer = await put(3 * day + 60_000, 3 * day - 60_000);
  assert.deepEqual(answer.rejectedLogEventsInfo?.expiredLogEventEndIndex, 1);
  assert.equal((await put(0)).rejectedLogEventsInfo, undefined);
  const read = await getLogEvents(parts()).handle(place, context);
  assert.deepEqual(messages(read.events), [String(3 * day - 60_000), '0']);
});

test('events of more than a day are not taken at once', async () => {
  const now = systemClock.now();
  const logEvents = [now - day - 1, now].map((timestamp) => ({ timestamp, message: 'message long' }));
  await assert.rejects(
    async () => putLogEvents(parts()).handle({ logGroupName: group, logStreamName: 'odd', logEvents }, context),
    { name: 'InvalidParameterException', message: /cannot span more than 24 hours/ },
  );
});
