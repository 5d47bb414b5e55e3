import { existingStream, invalidParameter, type LogsParts } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const dayMs = 86_400_000;
const pastMsMax = 14 * dayMs;
const futureMsMax = 2 * 3_600_000;

/** Sequence tokens are accepted and ignored, as AWS has done since 2023. */
export function putLogEvents({ logs, clock }: LogsParts): LogsOperation<'PutLogEvents'> {
  return {
    async handle({ logGroupName = '', logStreamName = '', logEvents = [] }, context) {
      existingStream(await logs.read(), context, logGroupName, logStreamName);
      const events = logEvents.map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
      if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
        throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
      }
      const now = clock.now();
      const tooOld = events.filter(({ timestamp }) => timestamp < now - pastMsMax).length;
      const tooNew = events.findIndex(({ timestamp }) => timestamp > now + futureMsMax);
      const taken = events.slice(tooOld, tooNew < 0 ? undefined : tooNew);
      const { accountId, region } = context;
      if (taken.length > 0) logs.append({ accountId, region, group: logGroupName, stream: logStreamName }, taken);
      logs.persist();
      const rejected = tooOld > 0 || tooNew >= 0;
      return {
        nextSequenceToken: String(now),
        rejectedLogEventsInfo: rejected
          ? {
              tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
              tooNewLogEventStartIndex: tooNew >= 0 ? tooNew : undefined,
            }
          : undefined,
      };
    },
  };
}
