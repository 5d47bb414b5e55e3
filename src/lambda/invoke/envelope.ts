/** What is said of an asynchronous event that ended, to the letter (reference: lambda-semantics 4.3 and 4.4). */
import { type FunctionVersion, functionArn } from '../model/function.ts';
import type { Condition } from './async-attempt.ts';
import { type AsyncEvent, functionKeyOf } from './async-store.ts';
import type { Attribute } from './delivery.ts';
import type { InvokeResult } from './door.ts';

export interface Ended {
  readonly event: AsyncEvent;
  readonly version: FunctionVersion;
  readonly condition: Condition;
  readonly attempts: number;
  /** Of the last attempt, where one was made now. */
  readonly result?: InvokeResult;
  readonly now: number;
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
  const payload = answered(result);
  if (payload !== undefined) {
    const functionError = result?.kind === 'function-error' ? 'Unhandled' : undefined;
    const responseContext = { statusCode: 200, executedVersion: version.version, functionError };
    parts.push(Buffer.from(`,"responseContext":${JSON.stringify(responseContext)},"responsePayload":`));
    parts.push(asJson(payload));
  }
  return Buffer.concat([...parts, Buffer.from('}')]);
}

/** Of function errors the code is 200 [R]. */
export function deadLetterAttributes({ event, condition, result }: Ended): Record<string, Attribute> {
  const payload = result?.kind === 'function-error' ? result.payload : undefined;
  const message = payload === undefined ? condition : errorMessage(payload);
  return {
    RequestID: { type: 'String', value: event.id },
    ErrorCode: { type: 'Number', value: payload === undefined ? '429' : '200' },
    ErrorMessage: { type: 'String', value: firstKilobyte(message) || condition },
  };
}

function answered(result: InvokeResult | undefined): Buffer | undefined {
  return result?.kind === 'success' || result?.kind === 'function-error' ? result.payload : undefined;
}

/** A runtime of the function's own may answer anything. */
function asJson(payload: Buffer): Buffer {
  const text = payload.toString();
  return parsed(text) === undefined ? Buffer.from(JSON.stringify(text)) : payload;
}

function errorMessage(payload: Buffer): string {
  const text = payload.toString();
  const body = parsed(text);
  const named = typeof body === 'object' && body !== null && 'errorMessage' in body;
  return named && typeof body.errorMessage === 'string' ? body.errorMessage : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Control characters are nothing that an attribute may have. */
function firstKilobyte(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what queues refuse
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '?');
  let end = Math.min(clean.length, 1024);
  while (Buffer.byteLength(clean.slice(0, end)) > 1024) end -= 1;
  return clean.slice(0, end).toWellFormed();
}
