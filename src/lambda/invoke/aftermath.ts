/** Who is told how an asynchronous event ended, and what (reference: lambda-semantics 4.3). */
import { destinationFunction, destinationKind, type EventInvokeConfig } from '../model/event-invoke-config.ts';
import { type FunctionVersion, functionArn } from '../model/function.ts';
import { asyncPayloadBytesMax } from '../model/limits.ts';
import type { Condition } from './async-attempt.ts';
import { type Aftermath, type AsyncEvent, functionKeyOf } from './async-store.ts';
import type { InvokeResult } from './door.ts';
import { passThrough } from './lineage.ts';

export interface Ended {
  readonly event: AsyncEvent;
  readonly version: FunctionVersion;
  readonly condition: Condition;
  readonly attempts: number;
  /** Of the last attempt, where one was made now. */
  readonly result?: InvokeResult;
  readonly now: number;
  /** The request id of what is told to a function. */
  readonly nextId: string;
}

export interface Told extends Aftermath {
  /** Why a destination is not told, where that is so. */
  readonly undelivered?: string;
}

export function aftermathOf(ended: Ended, config: EventInvokeConfig | undefined): Told {
  const arn = ended.condition === 'Success' ? config?.onSuccess : config?.onFailure;
  if (arn === undefined) return { events: [] };
  const payload = envelope(ended);
  if (destinationKind(arn) !== 'lambda') return { events: [], undelivered: `This server has no way to ${arn} yet` };
  if (payload.byteLength > asyncPayloadBytesMax) {
    return { events: [], undelivered: `${payload.byteLength} bytes are too many for an asynchronous event` };
  }
  return { events: [eventFor(arn, payload, ended)] };
}

function eventFor(arn: string, payload: Buffer, { event, version, now, nextId }: Ended): AsyncEvent {
  const { key, qualifier } = destinationFunction(arn);
  return {
    id: nextId,
    accountId: key.accountId,
    region: key.region,
    functionName: key.name,
    qualifier,
    payload,
    // What this function was passed: a circle of destinations ends like any other.
    traceHeader: passThrough(event.traceHeader, version).header,
    acceptedAt: now,
    attempts: 0,
    nextAttemptAt: now,
  };
}

/** What was received and what was answered are passed on as they are, unread. */
export function envelope({ event, version, condition, attempts, result, now }: Ended): Buffer {
  const requestContext = {
    requestId: event.id,
    functionArn: functionArn(functionKeyOf(event), event.qualifier ?? '$LATEST'),
    condition,
    approximateInvokeCount: attempts,
  };
  const head = `{"version":"1.0","timestamp":"${new Date(now).toISOString()}","requestContext":${JSON.stringify(requestContext)}`;
  const parts = [Buffer.from(`${head},"requestPayload":`), event.payload];
  if (result?.kind === 'success' || result?.kind === 'function-error') {
    const functionError = result.kind === 'function-error' ? 'Unhandled' : undefined;
    const responseContext = { statusCode: 200, executedVersion: version.version, functionError };
    parts.push(Buffer.from(`,"responseContext":${JSON.stringify(responseContext)},"responsePayload":`));
    parts.push(asJson(result.payload));
  }
  return Buffer.concat([...parts, Buffer.from('}')]);
}

/** A runtime of the function's own may answer anything. */
function asJson(payload: Buffer): Buffer {
  const text = payload.toString();
  try {
    JSON.parse(text);
    return payload;
  } catch {
    return Buffer.from(JSON.stringify(text));
  }
}
