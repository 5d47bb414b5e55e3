import type { LiveTailSessionLogEvent, StartLiveTailResponseStream } from '@aws-sdk/client-cloudwatch-logs';
import type { RequestContext } from '../../../aws/operation.ts';
import type { LogEvent, LogTarget } from '../../../observe/function-log.ts';
import { compileFilter } from '../filter-pattern.ts';
import { existingGroup, groupArn, invalidParameter, type LogsParts, namedGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const everyMs = 1_000;
const sessionMsMax = 3 * 3_600_000;
/** Of one second; what is beyond is left out, and said to be. */
const eventsMax = 500;
const sessionsMax = 100;

type Input = Parameters<LogsOperation<'StartLiveTail'>['handle']>[0];

/** Once a second what has come since, until the client goes away or three hours have passed. */
export function startLiveTail(parts: LogsParts): LogsOperation<'StartLiveTail'> {
  const { logs, watch, random } = parts;
  return {
    async handle(input, context) {
      const groups = (input.logGroupIdentifiers ?? []).map((identifier) => namedGroup(undefined, identifier));
      const queries = await logs.read();
      for (const group of groups) existingGroup(queries, context, group);
      if (groups.length !== 1 && (input.logStreamNames ?? input.logStreamNamePrefixes) !== undefined) {
        throw invalidParameter('Log streams can be chosen when there is exactly one log group');
      }
      if (watch.listening >= sessionsMax) throw invalidParameter(`There are ${sessionsMax} live tail sessions already`);
      const sessionId = random.uuid();
      return { responseStream: session(parts, { input, groups: new Set(groups), context, sessionId }) };
    },
  };
}

interface Session {
  readonly input: Input;
  readonly groups: ReadonlySet<string>;
  readonly context: RequestContext;
  readonly sessionId: string;
}

async function* session(
  { watch, clock }: LogsParts,
  { input, groups, context, sessionId }: Session,
): AsyncGenerator<StartLiveTailResponseStream> {
  const fits = fitting({ input, groups, context, sessionId });
  let waiting: LiveTailSessionLogEvent[] = [];
  let left = 0;
  const stop = watch.listen((target, events) => {
    for (const event of events) {
      if (!fits(target, event)) continue;
      if (waiting.length < eventsMax) waiting.push(shown(target, event, clock.now()));
      else left += 1;
    }
  });
  try {
    yield { sessionStart: { ...input, requestId: context.requestId, sessionId } };
    const until = clock.monotonic() + sessionMsMax;
    while (clock.monotonic() < until && !context.signal.aborted) {
      await clock.sleep(everyMs, context.signal).catch(() => {});
      const update = { sessionMetadata: { sampled: left > 0 }, sessionResults: waiting };
      [waiting, left] = [[], 0];
      yield { sessionUpdate: update };
    }
  } finally {
    stop();
  }
}

function fitting({ input, groups, context }: Session): (target: LogTarget, event: LogEvent) => boolean {
  const { logStreamNames: names, logStreamNamePrefixes: prefixes, logEventFilterPattern } = input;
  const matches = compileFilter(logEventFilterPattern);
  return ({ accountId, region, group, stream }, { message }) =>
    groups.has(group) &&
    accountId === context.accountId &&
    region === context.region &&
    (names?.includes(stream) ?? true) &&
    (prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true) &&
    matches(message);
}

function shown(target: LogTarget, { timestamp, message }: LogEvent, ingestionTime: number): LiveTailSessionLogEvent {
  return {
    logStreamName: target.stream,
    logGroupIdentifier: groupArn(target, target.group),
    message,
    timestamp,
    ingestionTime,
  };
}
