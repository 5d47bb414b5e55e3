/** What runtimes send to the Runtime API, read within its limits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { syncPayloadBytesMax as bodyBytesMax } from '../../model/limits.ts';
import { vettedType } from '../wording.ts';
import type { RuntimeApiSession } from './session.ts';

export interface Call {
  readonly session: RuntimeApiSession;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A streamed response reports its failure in trailers, the error as base64 of its JSON. */
export function midStreamError({ trailers }: IncomingMessage): { body: Buffer; errorType: string } | undefined {
  const type = trailers['lambda-runtime-function-error-type'];
  if (type === undefined) return undefined;
  const body = Buffer.from(trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
  return {
    body: body.length > 0 ? body : Buffer.from(JSON.stringify({ errorType: type })),
    errorType: vettedType(type, 'Function.Unknown'),
  };
}

/** For logs, of an error after init or in it. */
export function errorTypeOf(
  { headers }: IncomingMessage,
  otherwise: 'Function.Unknown' | 'Runtime.Unknown' = 'Function.Unknown',
): string {
  return vettedType(String(headers['lambda-runtime-function-error-type'] ?? ''), otherwise);
}

export const truncated = {
  status: 400,
  errorType: 'TruncatedHTTPRequest',
  errorMessage: 'The request body ended early',
};
export const tooLarge = {
  status: 413,
  errorType: 'RequestEntityTooLarge',
  errorMessage: `Exceeded maximum allowed payload size (${bodyBytesMax} bytes).`,
};

type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'truncated' };

/** Keeps no more than the limit; the rest is counted and let go. */
export function readBody(request: IncomingMessage, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.once('end', () => done(bytes > bodyBytesMax ? { kind: 'too-large', bytes } : whole(chunks)));
  request.once('error', () => done({ kind: 'truncated' }));
}

function whole(chunks: Buffer[]): Body {
  return { kind: 'whole', bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) };
}
