/** What goes back to an HTTP client, before it is bytes on a socket. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import { emptyBody } from '../../aws/wire.ts';
import { isGone, type Outgoing, respond } from '../respond.ts';
import { isHopByHop } from './forwarded.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** `{"message":"…"}`, as API Gateway says what it has to say itself. */
export function messageAnswer(status: number, message: string): HttpAnswer {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify({ message })) };
}

export function statusAnswer(status: number, headers: HttpAnswer['headers'] = []): HttpAnswer {
  return { status, headers, body: emptyBody };
}

/** Whether a header can be sent; what a function says may be anything. */
export function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Framing is the server's own affair: what was said of it is left out. */
export function sendAnswer(response: Outgoing, { method }: { method?: string | undefined }, answer: HttpAnswer): void {
  // Nobody hears it any more.
  if (isGone(response) || response.headersSent) return;
  const { status, body } = answer;
  const headers = sentHeaders(answer);
  if (method !== 'HEAD') return respond(response, { status, headers, body }, []);
  respond(response, { status, headers: [...headers, 'content-length', String(body.length)], body, sized: true }, []);
}

/** As it comes, for the other side to stop; the connection breaks where the body does. */
export function sendStream(
  response: Outgoing,
  { method }: { method?: string | undefined },
  head: HttpAnswer,
  body: Readable,
): void {
  if (isGone(response) || response.headersSent) return void body.destroy();
  if (method !== 'HEAD') return respond(response, { status: head.status, headers: sentHeaders(head), body }, []);
  body.destroy();
  respond(response, { status: head.status, headers: sentHeaders(head), body: emptyBody, sized: true }, []);
}

function sentHeaders({ headers }: HttpAnswer): string[] {
  return headers.filter(([name]) => !isHopByHop(name) && name.toLowerCase() !== 'content-length').flat();
}
