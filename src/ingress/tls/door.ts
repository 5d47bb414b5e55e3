/** Connections that begin with a TLS handshake: out come those that are ready to be spoken to. */
import type { Socket } from 'node:net';
import { createServer, type Server, TLSSocket } from 'node:tls';
import type { Incoming } from '../body.ts';
import type { TlsIdentity } from './identity.ts';

export interface TlsDoorOptions {
  readonly identity: TlsIdentity;
  /** For the handshake. */
  readonly waitMsMax: number;
  /** Also those of clients that name no protocol. */
  http1(socket: TLSSocket): void;
  http2(socket: TLSSocket): void;
}

export class TlsDoor {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor({ identity, waitMsMax, http1, http2 }: TlsDoorOptions) {
    this.#server = createServer({
      ...pairOf(identity.certificate),
      ALPNProtocols: ['h2', 'http/1.1'],
      minVersion: 'TLSv1.2',
      handshakeTimeout: waitMsMax,
    });
    this.#server.on('secureConnection', (socket) => (socket.alpnProtocol === 'h2' ? http2 : http1)(socket));
    // Whoever does not finish the handshake is gone already.
    this.#server.on('tlsClientError', (_, socket) => socket.destroy());
    identity.follow((certificate) => this.#server.setSecureContext(pairOf(certificate)));
  }

  /** What has been read of the connection was put back. */
  accept(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    this.#server.emit('connection', socket);
  }

  /** Ends what is still open, whatever it is about. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
  }
}

function pairOf({ cert, key }: TlsIdentity['certificate']) {
  return { cert, key };
}

/** What AWS tells functions of the connection; undefined for plain HTTP. */
export interface TlsSession {
  /** As `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
}

export function tlsSession({ socket }: Incoming): TlsSession | undefined {
  // Of a session of HTTP/2 the socket is a stand-in, and an instance of the same class.
  if (!(socket instanceof TLSSocket)) return undefined;
  return { version: socket.getProtocol() ?? '', cipher: socket.getCipher()?.name ?? '' };
}

export function schemeOf({ socket }: Pick<Incoming, 'socket'>): 'http' | 'https' {
  return socket instanceof TLSSocket ? 'https' : 'http';
}
