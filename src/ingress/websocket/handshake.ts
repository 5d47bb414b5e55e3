/** The beginning of a WebSocket connection, and what is answered to those that become none. */
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from '../http/answer.ts';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  const connection = headers.connection?.toLowerCase().split(',') ?? [];
  const upgrade = headers.upgrade?.toLowerCase() === 'websocket';
  return method === 'GET' && upgrade && connection.some((each) => each.trim() === 'upgrade');
}

/** The client's key; undefined for a request that is not of version 13, or has none. */
export function handshakeKey({ headers }: IncomingMessage): string | undefined {
  const key = headers['sec-websocket-key'];
  const valid = key !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(key);
  return valid && headers['sec-websocket-version'] === '13' ? key : undefined;
}

export function acceptHandshake(socket: Duplex, key: string, protocol: string | undefined): void {
  const accepted = Buffer.from(hash('sha1', key + magic, 'hex'), 'hex').toString('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  const chosen = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`];
  socket.write([...lines, `Sec-WebSocket-Accept: ${accepted}`, ...chosen, '', ''].join('\r\n'));
}

/** The connection ends with it. */
export function refuseHandshake(socket: Duplex, { status, headers, body }: HttpAnswer): void {
  const all = [...headers, ['Content-Length', String(body.length)], ['Connection', 'close']];
  const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n`), body]));
}
