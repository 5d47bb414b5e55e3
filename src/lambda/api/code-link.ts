/** GetFunction's `Code.Location`: a link to the package that needs no credentials, for ten minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../base/clock.ts';
import type { CodeStore } from '../model/code-store.ts';
import { codeLinkSecondsMax } from '../model/limits.ts';

export const codeLinkPrefix = '/_lambent/code/';

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

export interface CodeLinkParts {
  readonly endpoint: string;
  readonly sha256: string;
  readonly serverSecret: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function codeLink({ endpoint, sha256, serverSecret, now }: CodeLinkParts): string {
  const expires = Math.floor(now / 1000) + codeLinkSecondsMax;
  const signature = signatureOf(serverSecret, sha256, String(expires)).toString('hex');
  return `${endpoint}${codeLinkPrefix}${sha256}?expires=${expires}&signature=${signature}`;
}

/** Answers the links; refusals have the shape of S3's, as clients of AWS would get. */
export function codeLinkRoute(parts: { code: CodeStore; serverSecret: Buffer; clock: Clock }) {
  return {
    prefix: codeLinkPrefix,
    async handle(request: Incoming, response: Outgoing, url: URL): Promise<void> {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return refuse(response, 405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
      }
      const sha256 = url.pathname.slice(codeLinkPrefix.length);
      const expires = url.searchParams.get('expires') ?? '';
      if (!signedByUs(parts.serverSecret, sha256, expires, url.searchParams.get('signature') ?? '')) {
        return refuse(response, 403, 'SignatureDoesNotMatch', 'The link was not made by this server.');
      }
      if (Number(expires) * 1000 <= parts.clock.now()) {
        return refuse(response, 403, 'AccessDenied', 'Request has expired');
      }
      await send(parts.code, sha256, request, response);
    },
  };
}

/** A HEAD also opens the package, so that it answers 404 when GET would. */
async function send(code: CodeStore, sha256: string, request: Incoming, response: Outgoing): Promise<void> {
  const stream = code.read(sha256);
  try {
    await once(stream, 'readable');
  } catch {
    stream.destroy();
    return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  }
  for (const [name, value] of [
    ['content-type', 'application/zip'],
    ['content-disposition', `attachment; filename="${sha256.slice(0, 12)}.zip"`],
    ['cache-control', 'private, no-store'],
    ['x-content-type-options', 'nosniff'],
  ] as const) {
    response.setHeader(name, value);
  }
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  // A client that goes away, or a disk that fails half way, ends the response short of its last chunk: it shows.
  await pipeline(stream, response).catch(() => response.destroy());
}

function refuse(response: Outgoing, status: number, code: string, message: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/xml');
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

function signedByUs(secret: Buffer, sha256: string, expires: string, signature: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(sha256) || !/^[0-9]{1,12}$/.test(expires) || !/^[0-9a-f]{64}$/.test(signature))
    return false;
  return timingSafeEqual(Buffer.from(signature, 'hex'), signatureOf(secret, sha256, expires));
}

function signatureOf(secret: Buffer, sha256: string, expires: string): Buffer {
  return createHmac('sha256', secret).update(`code-link\n${sha256}\n${expires}`).digest();
}
