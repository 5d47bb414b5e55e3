import type { Place, StoredEvent } from '../../../store/logs/event-order.ts';
import type { LogStream } from '../../../store/logs/log-queries.ts';
import { compileFilter } from '../filter-pattern.ts';
import {
  decodeToken,
  encodeToken,
  existingGroup,
  invalidParameter,
  type LogsParts,
  namedGroup,
  noSuchStream,
} from '../parts.ts';
import type { LogsOperation } from './types.ts';

const limitDefault = 10_000;
const pageBytesMax = 1024 * 1024;
/**
 * A page may end without a hit when a filter passes over much; the token then goes on from there. Looking is done on the
 * server's own thread, and this much takes some tens of milliseconds.
 */
const lookedAtMax = 50_000;

export function filterLogEvents({ logs }: LogsParts): LogsOperation<'FilterLogEvents'> {
  return {
    async handle(input, context) {
      const group = namedGroup(input.logGroupName, input.logGroupIdentifier);
      const matches = compileFilter(input.filterPattern);
      const queries = await logs.read();
      existingGroup(queries, context, group);
      const after = afterToken(input.nextToken);
      const { endTime = Number.MAX_SAFE_INTEGER, limit = limitDefault } = input;
      const from = Math.max(input.startTime ?? 0, after?.timestamp ?? 0);
      // Streams that were asked for by name must be there, however old.
      const all = queries.streams(context, group, input.logStreamNames === undefined ? from : undefined);
      const streams = chosen(all, input.logStreamNames, input.logStreamNamePrefix);
      const names = new Map(streams.map(({ id, name }) => [id, name]));
      const scan = scanned(queries.merged([...names.keys()], from, after), { endTime, limit, matches });
      return {
        events: scan.events.map((event) => ({
          logStreamName: names.get(event.streamId),
          timestamp: event.timestamp,
          message: event.message,
          ingestionTime: event.ingested,
          eventId: eventId(event),
        })),
        searchedLogStreams: [],
        nextToken: scan.last === undefined ? undefined : token(scan.last),
      };
    },
  };
}

function chosen(all: LogStream[], names: readonly string[] | undefined, prefix: string | undefined): LogStream[] {
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('Only one of logStreamNames and logStreamNamePrefix can be specified');
  }
  if (names === undefined) return all.filter(({ name }) => name.startsWith(prefix ?? ''));
  const found = all.filter(({ name }) => names.includes(name));
  if (found.length < new Set(names).size) throw noSuchStream();
  return found;
}

interface Search {
  readonly endTime: number;
  readonly limit: number;
  matches(message: string): boolean;
}

/** `last` is where the next page goes on; undefined at the end. */
function scanned(events: Generator<StoredEvent>, search: Search): { events: StoredEvent[]; last?: StoredEvent } {
  const found: StoredEvent[] = [];
  let last: StoredEvent | undefined;
  let bytes = 0;
  let lookedAt = 0;
  for (const event of events) {
    if (event.timestamp > search.endTime) break;
    if (found.length >= search.limit || bytes > pageBytesMax || lookedAt >= lookedAtMax) return { events: found, last };
    lookedAt += 1;
    last = event;
    if (!search.matches(event.message)) continue;
    bytes += event.message.length + 26;
    found.push(event);
  }
  return { events: found };
}

function token({ timestamp, streamId, sequence }: StoredEvent): string {
  return encodeToken([timestamp, streamId, sequence]);
}

function afterToken(given: string | undefined): Place | undefined {
  const position = decodeToken(given);
  if (position === undefined) return undefined;
  const [timestamp = 0, streamId = 0, sequence = 0] = position.map(Number);
  return { timestamp, streamId, sequence };
}

/** 56 digits, as AWS's: the same event has the same one for ever, and no two events share one. */
function eventId({ timestamp, streamId, sequence }: StoredEvent): string {
  return `${timestamp}`.padStart(20, '0') + `${streamId}`.padStart(16, '0') + `${sequence}`.padStart(20, '0');
}
