/** TLS, HTTP/1 or HTTP/2 on one port: clients that know HTTP/2 is spoken (the JavaScript Kinesis client, KCL) start with it. */
import type { Socket } from 'node:net';

/** Of `PRI * HTTP/2.0`; no method of HTTP/1 starts so. */
const preface = Buffer.from('PRI');

/** Of a TLS record that begins a handshake. */
const handshake = 0x16;

export interface Speakers {
  /** Where there is a certificate. */
  tls?(socket: Socket): void;
  http1(socket: Socket): void;
  http2(socket: Socket): void;
  /** For the first bytes. A client that connects and says nothing holds a descriptor. */
  readonly waitMsMax: number;
}

/** Reads the first bytes, puts them back, and hands the connection over. */
export function sniff(socket: Socket, speakers: Speakers): void {
  const end = () => socket.destroy();
  socket.setTimeout(speakers.waitMsMax, late);
  socket.on('error', end);
  // Servers of node:http let a client close its half; one that has said nothing wants no answer.
  socket.on('end', end);
  socket.once('data', first);
  let known = false;

  /** Not before what has come is read: a process that could not run for a while hears of its timers first. */
  function late(): void {
    setImmediate(() => known || end());
  }

  function first(chunk: Buffer): void {
    socket.pause();
    const { tls } = speakers;
    if (tls !== undefined && chunk[0] === handshake) {
      putBack(chunk);
      // Takes it out again by itself, as HTTP/2 does.
      tls(socket);
      return;
    }
    const told = Math.min(chunk.length, preface.length);
    const same = preface.compare(chunk, 0, told, 0, told) === 0;
    if (same && told < preface.length) {
      // Two bytes at most, so this cannot go on.
      socket.once('data', (more: Buffer) => first(Buffer.concat([chunk, more])));
      socket.resume();
      return;
    }
    putBack(chunk);
    if (same) {
      // Takes what was put back by itself; in a socket that flows it would be lost.
      speakers.http2(socket);
      return;
    }
    speakers.http1(socket);
    socket.resume();
  }

  function putBack(chunk: Buffer): void {
    socket.setTimeout(0);
    socket.off('timeout', late);
    known = true;
    socket.off('error', end);
    socket.off('end', end);
    socket.unshift(chunk);
  }
}
