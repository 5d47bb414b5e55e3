/** What a function is sent by a subscription filter (reference: lambda-semantics 6.5). */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { SubscriptionFilterDocument } from '../../store/logs/group-settings.ts';

/** Of events in one message: unpacked they have to fit into an asynchronous event with room to spare. */
const charactersMax = 512 * 1024;
const pack = promisify(gzip);

/** The payloads, each with as many events as it holds. `idOf` names an event within its batch. */
export async function subscriptionPayloads(
  target: LogTarget,
  { name }: SubscriptionFilterDocument,
  events: readonly LogEvent[],
  idOf: () => string,
): Promise<Buffer[]> {
  return Promise.all(batches(events).map((batch) => payloadOf(target, name, batch, idOf)));
}

async function payloadOf(
  target: LogTarget,
  filter: string,
  events: readonly LogEvent[],
  idOf: () => string,
): Promise<Buffer> {
  const content = {
    messageType: 'DATA_MESSAGE',
    owner: target.accountId,
    logGroup: target.group,
    logStream: target.stream,
    subscriptionFilters: [filter],
    logEvents: events.map(({ timestamp, message }) => ({ id: idOf(), timestamp, message })),
  };
  const data = (await pack(JSON.stringify(content))).toString('base64');
  return Buffer.from(JSON.stringify({ awslogs: { data } }));
}

function batches(events: readonly LogEvent[]): LogEvent[][] {
  const found: LogEvent[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const event of events) {
    characters += event.message.length;
    if (characters > charactersMax) {
      found.push([]);
      characters = event.message.length;
    }
    found.at(-1)?.push(event);
  }
  return found;
}
