/** Who is told how an asynchronous event ended (reference: lambda-semantics 4.3 and 4.4). */
import { destinationFunction, destinationKind, type EventInvokeConfig } from '../model/event-invoke-config.ts';
import { noPermission, tellingOf } from '../model/execution-roles.ts';
import { functionArn } from '../model/function.ts';
import { asyncPayloadBytesMax } from '../model/limits.ts';
import { type Aftermath, type AsyncEvent, functionKeyOf } from './async-store.ts';
import type { Delivery, Targets } from './delivery.ts';
import { deadLetterAttributes, type Ended, envelope } from './envelope.ts';
import { passThrough } from './lineage.ts';

export interface Told extends Aftermath {
  /** Who is not told, and why. */
  readonly untold: readonly { readonly delivery?: Delivery; readonly arn: string; readonly why: string }[];
}

export interface Telling {
  readonly config: EventInvokeConfig | undefined;
  readonly targets: Pick<Targets, 'reaches' | 'mayTell'>;
  /** Whether the function of an event is there. */
  known(event: AsyncEvent): boolean;
  /** A request id for what is told. */
  newId(): string;
}

export function aftermathOf(ended: Ended, telling: Telling): Told {
  const all = [...toDestination(ended, telling), ...toDeadLetters(ended)];
  const told = all.map((event) => ({ event, why: whyUntold(event, ended, telling) }));
  return {
    events: told.filter(({ why }) => why === undefined).map(({ event }) => ({ ...event, id: telling.newId() })),
    untold: told.flatMap(({ event, why }) =>
      why === undefined ? [] : { delivery: event.delivery, arn: arnOf(event), why },
    ),
  };
}

function toDestination(ended: Ended, { config }: Telling): AsyncEvent[] {
  const succeeded = ended.condition === 'Success';
  const arn = succeeded ? config?.onSuccess : config?.onFailure;
  if (arn === undefined) return [];
  const payload = envelope(ended);
  switch (destinationKind(arn)) {
    case 'lambda':
      return [toFunction(arn, payload, ended)];
    case 'sqs':
      return [delivered({ to: 'queue', arn }, payload, ended)];
    case 'sns':
      return [delivered({ to: 'topic', arn }, payload, ended)];
    case 'events': {
      const detailType = `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`;
      return [delivered({ to: 'event-bus', arn, detailType, resources: [arn, nameOf(ended)] }, payload, ended)];
    }
    case 's3':
      return [delivered({ to: 'bucket', arn, key: objectKey(ended) }, payload, ended)];
    case undefined:
      return [];
  }
}

/** The event itself, as it came. */
function toDeadLetters(ended: Ended): AsyncEvent[] {
  const arn = ended.version.configuration.stored.DeadLetterConfig?.TargetArn;
  if (arn === undefined || ended.condition === 'Success') return [];
  const to = destinationKind(arn) === 'sns' ? 'topic' : 'queue';
  return [delivered({ to, arn, attributes: deadLetterAttributes(ended) }, ended.event.payload, ended)];
}

function toFunction(arn: string, payload: Buffer, ended: Ended): AsyncEvent {
  const { key, qualifier } = destinationFunction(arn);
  const { accountId, region, name: functionName } = key;
  return { ...queued(payload, ended), accountId, region, functionName, qualifier };
}

function delivered(delivery: Delivery, payload: Buffer, ended: Ended): AsyncEvent {
  return { ...queued(payload, ended), delivery };
}

function queued(payload: Buffer, { event, version, now }: Ended): AsyncEvent {
  const { accountId, region, functionName } = event;
  // What this function was passed: a circle of destinations ends like any other.
  const traceHeader = passThrough(event.traceHeader, version).header;
  return {
    id: event.id,
    accountId,
    region,
    functionName,
    payload,
    traceHeader,
    acceptedAt: now,
    attempts: 0,
    nextAttemptAt: now,
  };
}

function whyUntold(event: AsyncEvent, { version }: Ended, { targets, known }: Telling): string | undefined {
  const { delivery, payload } = event;
  if (payload.byteLength > asyncPayloadBytesMax) return `${payload.byteLength} bytes are too many`;
  if (delivery === undefined && !known(event)) return `Function not found: ${arnOf(event)}`;
  if (delivery !== undefined && !targets.reaches(delivery.arn)) return 'This server has no way there yet';
  const telling = tellingOf(arnOf(event), delivery?.to === 'bucket' ? delivery.key : undefined);
  const runner = { accountId: version.accountId, roleArn: version.configuration.role };
  return targets.mayTell(runner, telling) ? undefined : noPermission(telling.call, telling.service);
}

function arnOf({ delivery, ...event }: AsyncEvent): string {
  return delivery?.arn ?? functionArn(functionKeyOf(event), event.qualifier);
}

function nameOf({ event }: Ended): string {
  return functionArn(functionKeyOf(event), event.qualifier ?? '$LATEST');
}

/** `aws/lambda/async/<function>/2026/11/23/2026-11-23T01.02.03-<id>`. */
function objectKey({ event, now }: Ended): string {
  const time = new Date(now).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/async/${event.functionName}/${day}/${time.slice(0, 19).replaceAll(':', '.')}-${event.id}`;
}
