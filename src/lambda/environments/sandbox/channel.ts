import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { deferred } from '../../../base/deferred.ts';

/** The unix socket a runtime connects back to. One connection, the first: whatever else runs inside finds a closed door. */
export class Channel {
  readonly socket: Promise<Socket>;
  readonly #first = deferred<Socket>();
  readonly #server: Server;
  #connected: Socket | undefined;

  private constructor() {
    this.socket = this.#first.promise;
    // Whoever does not care for the channel (runtimes on the Runtime API) must not crash on its rejection.
    this.socket.catch(() => {});
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.on('error', (error) => this.#first.reject(error));
  }

  /** `mode` 0o666 when the other side is another user; the folder then decides who can come near. */
  static async listen(path: string, mode: number): Promise<Channel> {
    const channel = new Channel();
    await new Promise<void>((resolve, reject) => {
      channel.#server.once('error', reject);
      channel.#server.listen(path, () => {
        channel.#server.off('error', reject);
        resolve();
      });
    });
    chmodSync(path, mode);
    return channel;
  }

  /** No connection any more. The one there is stays, as what was said last has not been read yet perhaps. */
  close(why: string): void {
    this.#first.reject(new Error(why));
    this.#server.close();
  }

  /** The one connection, if it came and is still open. */
  get connected(): Socket | undefined {
    return this.#connected?.destroyed ? undefined : this.#connected;
  }

  #accept(socket: Socket): void {
    if (this.#connected) {
      socket.destroy();
      return;
    }
    this.#connected = socket;
    // Until someone takes the channel, a reset must not end this program.
    socket.on('error', () => {});
    this.#server.close();
    this.#first.resolve(socket);
  }
}
