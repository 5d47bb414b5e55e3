import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { WireResponse } from '../aws/wire.ts';

/** Up to here, copying a body behind its head is quicker than handing the system two pieces. */
const joinedBytesMax = 4096;

/** Head and body in one write where the body is there; a stream goes out as it comes, as fast as it is read. */
export function respond(response: ServerResponse, wire: WireResponse, extra: readonly string[]): void {
  const { status, headers, body } = wire;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const all = [...extra, ...headers];
    // A 204 has no body, and says nothing of its length.
    if (status !== 204) all.push('content-length', String(length));
    response.writeHead(status, all);
    if (status === 204) response.end();
    else if (typeof body === 'string' || body.length > joinedBytesMax) response.end(body);
    // Head and body become one string and one write; Latin-1 carries every byte as it is.
    else response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
    return;
  }
  response.writeHead(status, [...extra, ...headers]);
  pipeline(Readable.from(body), response, () => {});
}
