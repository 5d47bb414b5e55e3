import {
  comesBefore,
  type Direction,
  foremost,
  hindmost,
  type Position,
  type StoredEvent,
} from '../../../store/logs/event-order.ts';
import type { LogQueries, LogStream } from '../../../store/logs/log-queries.ts';
import { existingStream, invalidParameter, type LogsParts, namedGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const limitDefault = 10_000;
const pageBytesMax = 1024 * 1024;

/** Forward from an event on, or backward from the one before it. */
interface Asked {
  readonly direction: Direction;
  readonly position: Position;
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
      const events = collect(walk(queries, stream.id, asked, { startTime, endTime }), limit);
      if (asked.direction === 'backward') events.reverse();
      const stay = earlier(asked.position, behind(stream));
      const last = events.at(-1);
      return {
        events: events.map(({ timestamp, message, ingested }) => ({ timestamp, message, ingestionTime: ingested })),
        nextForwardToken: token('f', last === undefined ? stay : { ...last, sequence: last.sequence + 1 }),
        nextBackwardToken: token('b', events[0] ?? stay),
      };
    },
  };
}

function token(direction: 'f' | 'b', { timestamp, sequence }: Position): string {
  return `${direction}/${timestamp}/${sequence}`;
}

function where(token: string | undefined, fromHead: boolean): Asked {
  if (token === undefined) {
    return fromHead ? { direction: 'forward', position: foremost } : { direction: 'backward', position: hindmost };
  }
  const parts = /^([fb])\/(\d{1,15})\/(\d{1,15})$/.exec(token);
  if (parts === null) throw invalidParameter('The specified nextToken is invalid.');
  const position = { timestamp: Number(parts[2]), sequence: Number(parts[3]) };
  return { direction: parts[1] === 'f' ? 'forward' : 'backward', position };
}

/** Where what comes next will stand, as long as times ascend. */
function behind({ lastTime = 0, nextSequence }: LogStream): Position {
  return { timestamp: lastTime, sequence: nextSequence };
}

interface Span {
  readonly startTime: number;
  /** Exclusive. */
  readonly endTime: number;
}

function* walk(queries: LogQueries, streamId: number, asked: Asked, span: Span): Generator<StoredEvent> {
  const { direction, position } = asked;
  const start = { timestamp: span.startTime, sequence: 0 };
  const end = { timestamp: span.endTime, sequence: 0 };
  const events =
    direction === 'forward'
      ? queries.forward(streamId, later(position, start))
      : queries.backward(streamId, earlier(position, end));
  for (const event of events) {
    if (direction === 'forward' ? event.timestamp >= span.endTime : event.timestamp < span.startTime) return;
    yield event;
  }
}

function earlier(a: Position, b: Position): Position {
  return comesBefore(a, b) ? a : b;
}

function later(a: Position, b: Position): Position {
  return comesBefore(a, b) ? b : a;
}

/** As many as fit into a page, by count and by size. */
function collect(events: Generator<StoredEvent>, limit: number): StoredEvent[] {
  const found: StoredEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += event.message.length + 26;
    if (found.length >= limit || (found.length > 0 && bytes > pageBytesMax)) break;
    found.push(event);
  }
  return found;
}
