import { request } from 'node:http';
import type { Socket } from 'node:net';
import { deferred } from '../../../base/deferred.ts';
import type { Destination } from './subscription.ts';

/** Gets a batch across; false when that did not work and may be tried again. */
export interface Delivery {
  send(events: readonly string[]): Promise<boolean>;
  close(): void;
}

/** A connection to what listens inside the environment. */
export type Connect = (port: number) => Socket;

export function deliveryTo(destination: Destination, connect: Connect): Delivery {
  return destination.protocol === 'HTTP'
    ? new HttpDelivery(destination, connect)
    : new TcpDelivery(destination, connect);
}

class HttpDelivery implements Delivery {
  readonly #destination: Extract<Destination, { protocol: 'HTTP' }>;
  readonly #connect: Connect;
  readonly #open = new Set<Socket>();

  constructor(destination: Extract<Destination, { protocol: 'HTTP' }>, connect: Connect) {
    this.#destination = destination;
    this.#connect = connect;
  }

  send(events: readonly string[]): Promise<boolean> {
    const { promise, resolve } = deferred<boolean>();
    const body = Buffer.from(`[${events.join(',')}]`);
    const { host, path, port } = this.#destination;
    const headers = { host, 'Content-Type': 'application/json', 'Content-Length': body.length };
    const sent = request({ method: 'POST', path, headers, createConnection: () => this.#socket(port) });
    sent.on('response', (response) => {
      response.resume();
      response.on('error', () => resolve(false));
      response.on('end', () => resolve((response.statusCode ?? 500) < 500));
    });
    sent.on('error', () => resolve(false));
    sent.on('close', () => resolve(false));
    sent.end(body);
    return promise;
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #socket(port: number): Socket {
    const socket = this.#connect(port);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }
}

class TcpDelivery implements Delivery {
  readonly #destination: Extract<Destination, { protocol: 'TCP' }>;
  readonly #connect: Connect;
  #socket: Socket | undefined;

  constructor(destination: Extract<Destination, { protocol: 'TCP' }>, connect: Connect) {
    this.#destination = destination;
    this.#connect = connect;
  }

  send(events: readonly string[]): Promise<boolean> {
    const { promise, resolve } = deferred<boolean>();
    const socket = this.#opened();
    socket.once('close', () => resolve(false));
    socket.write(`${events.join('\n')}\n`, (error) => resolve(error === undefined || error === null));
    return promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #opened(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = this.#connect(this.#destination.port);
    socket.on('error', () => {});
    socket.resume();
    this.#socket = socket;
    return socket;
  }
}
