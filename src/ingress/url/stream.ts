/** An answer that goes out as it is written: InvokeMode RESPONSE_STREAM (reference: lambda-semantics 6.11). */
import type { Readable } from 'node:stream';
import type { StreamResult } from '../../lambda/invoke/door.ts';
import { type Outgoing, writeHead } from '../respond.ts';
import { type Head, headOf, isObject } from './answer.ts';

/** Before the body of an answer of this type stands its head, as JSON and eight NULs. */
const integration = 'application/vnd.awslambda.http-integration-response';
const separator = Buffer.alloc(8);
/** As much as a request's own head may have. */
const preludeBytesMax = 1024 * 1024;

export type Streaming = Extract<StreamResult, { kind: 'streaming' }>;

/** Resolves once all is sent, or false when there was no head to send: nothing has been sent then. */
export async function streamAnswer(
  { contentType, body, ended }: Streaming,
  response: Outgoing,
  finish: (headers: string[]) => string[],
): Promise<boolean> {
  // Nobody reads on for a client that is gone; the function goes on writing, as on AWS.
  response.once('close', () => body.destroy());
  const begun = contentType === integration ? await prelude(body) : { ...plainHead(contentType), rest: undefined };
  if (begun === undefined) {
    body.destroy();
    return false;
  }
  writeHead(response, begun.status, finish(begun.headers));
  const out = response as NodeJS.WritableStream; // both kinds are, though their types have no signature in common
  if (begun.rest !== undefined && begun.rest.length > 0) out.write(begun.rest);
  await piped(body, out);
  const { kind } = await ended;
  // A client must see that there is less than there should have been.
  if (kind === 'success') response.end();
  else response.destroy();
  return true;
}

function plainHead(contentType: string): Head {
  return { status: 200, headers: ['content-type', contentType || 'application/octet-stream'] };
}

interface Begun extends Head {
  readonly rest: Buffer;
}

async function prelude(body: Readable): Promise<Begun | undefined> {
  let read = Buffer.alloc(0);
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    // Eight NULs may come in two pieces.
    const from = Math.max(0, read.length - separator.length);
    read = Buffer.concat([read, chunk]);
    const at = read.indexOf(separator, from);
    if (at >= 0) return begun(read.subarray(0, at), read.subarray(at + separator.length));
    if (read.length > preludeBytesMax) return undefined;
  }
  return undefined;
}

function begun(head: Buffer, rest: Buffer): Begun | undefined {
  try {
    const parsed: unknown = JSON.parse(head.toString());
    const found = isObject(parsed) ? headOf(parsed, 'application/octet-stream') : undefined;
    return found && { ...found, rest };
  } catch {
    return undefined;
  }
}

/** Leaves the response open: how the function ended is known a moment later. */
function piped(body: Readable, out: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    body.once('close', resolve);
    body.once('end', resolve);
    body.once('error', () => resolve());
    body.pipe(out, { end: false });
  });
}
