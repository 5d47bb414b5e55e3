/** One kept-alive HTTP/1.1 connection that sends prepared bytes and reads one answer at a time, with as little work as can be. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');

export class Connection {
  readonly #socket: Socket;
  readonly #onAnswer: (answer: Answer) => void;
  #pending: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, on: { answer: (answer: Answer) => void; lost: (why: string) => void }) {
    this.#socket = socket;
    this.#onAnswer = on.answer;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => on.lost(error.message));
    socket.on('close', () => on.lost('the server closed the connection'));
  }

  static open(
    { host, port }: { host: string; port: number },
    on: { answer: (answer: Answer) => void; lost: (why: string) => void },
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, on));
      });
    });
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = data;
    const end = data.indexOf(headEnd);
    if (end < 0) return;
    const head = data.toString('latin1', 0, end);
    const bodyStart = end + headEnd.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    // All that is measured here answers with a length; what does not is counted as wrong by the reader of the status.
    const bodyEnd = bodyStart + Number(length ?? 0);
    if (data.length < bodyEnd) return;
    this.#pending = data.subarray(bodyEnd);
    const status = length === undefined ? 0 : Number(head.slice(9, 12));
    this.#onAnswer({ status, body: data.subarray(bodyStart, bodyEnd) });
  }
}
