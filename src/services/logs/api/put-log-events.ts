import type { LogEvent } from '../../../observe/function-log.ts';
import { existingGroup, existingStream, invalidParameter, type LogsParts } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const dayMs = 86_400_000;
const pastMsMax = 14 * dayMs;
const futureMsMax = 2 * 3_600_000;

/** Sequence tokens are accepted and ignored, as AWS has done since 2023. */
export function putLogEvents({ logs, clock }: LogsParts): LogsOperation<'PutLogEvents'> {
  return {
    async handle({ logGroupName = '', logStreamName = '', logEvents = [] }, context) {
      const queries = await logs.read();
      existingStream(queries, context, logGroupName, logStreamName);
      const events = logEvents.map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
      checkTimes(events);
      const now = clock.now();
      const { taken, rejected } = sorted(events, now, existingGroup(queries, context, logGroupName).retentionDays);
      const { accountId, region } = context;
      if (taken.length > 0) logs.append({ accountId, region, group: logGroupName, stream: logStreamName }, taken);
      logs.persist();
      return { nextSequenceToken: String(now), rejectedLogEventsInfo: rejected };
    },
  };
}

function checkTimes(events: readonly LogEvent[]): void {
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const [first, last] = [events[0]?.timestamp ?? 0, events.at(-1)?.timestamp ?? 0];
  if (last - first > dayMs) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** What is older than its group keeps is refused as well, and would otherwise be there until it is next cleared out. */
function sorted(events: readonly LogEvent[], now: number, retentionDays = Number.POSITIVE_INFINITY) {
  const olderThan = (ms: number) => events.filter(({ timestamp }) => timestamp < now - ms).length;
  const [tooOld, expired] = [olderThan(pastMsMax), olderThan(retentionDays * dayMs)];
  const future = events.findIndex(({ timestamp }) => timestamp > now + futureMsMax);
  const tooNew = future < 0 ? undefined : future;
  const taken = events.slice(Math.max(tooOld, expired), tooNew);
  const rejected = {
    tooOldLogEventEndIndex: tooOld || undefined,
    expiredLogEventEndIndex: expired || undefined,
    tooNewLogEventStartIndex: tooNew,
  };
  return { taken, rejected: taken.length === events.length ? undefined : rejected };
}
