/** An answer that goes out as it is written: InvokeMode RESPONSE_STREAM (reference: lambda-semantics 6.11). */
import type { Readable } from 'node:stream';
import type { StreamResult } from '../../lambda/invoke/door.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { isHopByHop } from '../http/forwarded.ts';
import { answerV2 } from '../http/function-answer.ts';
import { endStalled, type Outgoing, writeHead } from '../respond.ts';

/** Before the body of an answer of this type stands its head, as JSON and eight NULs. */
export const integrationType = 'application/vnd.awslambda.http-integration-response';
const separator = Buffer.alloc(8);
/** As much as a request's own head may have. */
const preludeBytesMax = 1024 * 1024;
const plainType = 'application/octet-stream';

export type Streaming = Extract<StreamResult, { kind: 'streaming' }>;

/** Resolves once all is sent, or false when there was no head to send: nothing has been sent then. */
export async function streamAnswer(
  { contentType, body, ended }: Streaming,
  response: Outgoing,
  finish: (answer: HttpAnswer) => HttpAnswer,
): Promise<boolean> {
  // Nobody reads on for a client that is gone; the function goes on writing, as on AWS.
  response.once('close', () => body.destroy());
  const begun = contentType === integrationType ? await prelude(body) : plainHead(contentType);
  if (begun === undefined) {
    body.destroy();
    return false;
  }
  const { status, headers, body: first } = finish(begun);
  const sent = headers.filter(([name]) => !isHopByHop(name) && name.toLowerCase() !== 'content-length');
  writeHead(response, status, sent.flat());
  endStalled(response);
  const out = response as NodeJS.WritableStream; // both kinds are, though their types have no signature in common
  if (first.length > 0) out.write(first);
  await piped(body, out);
  const { kind } = await ended;
  // A client must see that there is less than there should have been.
  if (kind === 'success') response.end();
  else response.destroy();
  return true;
}

function plainHead(contentType: string): HttpAnswer {
  return { status: 200, headers: [['content-type', contentType || plainType]], body: Buffer.alloc(0) };
}

/** Its body is what had come of the answer's own besides. */
async function prelude(body: Readable): Promise<HttpAnswer | undefined> {
  let read = Buffer.alloc(0);
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    // Eight NULs may come in two pieces.
    const from = Math.max(0, read.length - separator.length);
    read = Buffer.concat([read, chunk]);
    const at = read.indexOf(separator, from);
    if (at >= 0) return head(read.subarray(0, at), read.subarray(at + separator.length));
    if (read.length > preludeBytesMax) return undefined;
  }
  return undefined;
}

function head(json: Buffer, rest: Buffer): HttpAnswer | undefined {
  try {
    const { statusCode = 200, headers, cookies } = JSON.parse(json.toString());
    const typed = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
    const said = { statusCode, cookies, headers: typed ? headers : { 'content-type': plainType, ...headers } };
    const answer = answerV2(Buffer.from(JSON.stringify(said)));
    return answer && { ...answer, body: rest };
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
