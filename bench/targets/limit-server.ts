/**
 * The limit: what the same Node.js does when it only sends a request's body back, or at /stream/N that many megabytes.
 * Exits with whoever started it.
 */
import { createServer, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

const piece = Buffer.alloc(64 * 1024, 'lambent ');

const server = createServer((request, response) => {
  const [, megabytes] = /^\/stream\/(\d+)$/.exec(request.url ?? '') ?? [];
  if (megabytes !== undefined) return stream(response, Number(megabytes));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});

function stream(response: ServerResponse, megabytes: number): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  Readable.from(Array.from({ length: megabytes * 16 }, () => piece)).pipe(response);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`ready ${address.port}`);
});
