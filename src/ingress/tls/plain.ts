import type { Socket } from 'node:net';

const message =
  'This port speaks HTTPS: use an https:// URL (a server that is to answer plain HTTP as well has --allow-plain-http)';
const body = JSON.stringify({ message });
const answer =
  'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\n' +
  `x-amzn-errortype: BadRequestException\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
/** For a client to read the answer before it sees that nobody reads what it sends. */
const lingerMs = 1_000;

/** To a client that speaks plain HTTP where it must not; nothing of what it sent is looked at. */
export function refusePlain(socket: Socket): void {
  socket.on('error', () => {});
  socket.setTimeout(lingerMs, () => socket.destroy());
  socket.once('end', () => socket.destroy());
  socket.end(answer);
}
