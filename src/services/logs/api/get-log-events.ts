import type { LogQueries, StoredEvent } from '../../../store/logs/log-queries.ts';
import { existingStream, invalidParameter, type LogsParts, namedGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const limitDefault = 10_000;
const pageBytesMax = 1024 * 1024;

interface Asked {
  readonly direction: 'forward' | 'backward';
  /** The first sequence number going forward; the one above the first going backward. */
  readonly sequence: number;
}

/** At the end of a stream a page is empty and the token that comes back is the one that was sent. */
export function getLogEvents({ logs }: LogsParts): LogsOperation<'GetLogEvents'> {
  return {
    async handle(input, context) {
      const group = namedGroup(input.logGroupName, input.logGroupIdentifier);
      const queries = await logs.read();
      const stream = existingStream(queries, context, group, input.logStreamName ?? '');
      const asked = where(input.nextToken, input.startFromHead ?? false);
      const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = limitDefault } = input;
      const events = collect(walk(queries, stream.id, asked), {
        limit,
        wanted: ({ timestamp }) => timestamp >= startTime && timestamp < endTime,
      });
      if (asked.direction === 'backward') events.reverse();
      const first = events[0]?.sequence ?? Math.min(asked.sequence, stream.nextSequence);
      const last = events.at(-1);
      const behind = last === undefined ? Math.min(asked.sequence, stream.nextSequence) : last.sequence + 1;
      return {
        events: events.map(({ timestamp, message, ingested }) => ({ timestamp, message, ingestionTime: ingested })),
        nextForwardToken: `f/${behind}`,
        nextBackwardToken: `b/${first}`,
      };
    },
  };
}

function where(token: string | undefined, fromHead: boolean): Asked {
  if (token === undefined) {
    return fromHead
      ? { direction: 'forward', sequence: 0 }
      : { direction: 'backward', sequence: Number.MAX_SAFE_INTEGER };
  }
  const parts = /^([fb])\/(\d{1,15})$/.exec(token);
  if (parts === null) throw invalidParameter('The specified nextToken is invalid.');
  return { direction: parts[1] === 'f' ? 'forward' : 'backward', sequence: Number(parts[2]) };
}

function walk(queries: LogQueries, streamId: number, { direction, sequence }: Asked): Generator<StoredEvent> {
  return direction === 'forward' ? queries.forward(streamId, sequence) : queries.backward(streamId, sequence);
}

interface Page {
  readonly limit: number;
  wanted(event: StoredEvent): boolean;
}

/** As many as fit into a page, by count and by size. */
function collect(events: Generator<StoredEvent>, { limit, wanted }: Page): StoredEvent[] {
  const found: StoredEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    if (!wanted(event)) continue;
    bytes += event.message.length + 26;
    if (found.length >= limit || (found.length > 0 && bytes > pageBytesMax)) break;
    found.push(event);
  }
  return found;
}
