/**
 * A network namespace with a loopback interface, our doors on it, and perhaps a cable out. Making one costs the kernel
 * milliseconds and its use leaves nothing behind, so slots are used again and again.
 */
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { invariant } from '../../../../../base/invariant.ts';
import type { SandboxDoors } from '../../sandbox.ts';
import type { Libc } from '../libc.ts';
import { doorAddress, runtimeApiPort } from './addresses.ts';
import type { Egress } from './egress.ts';
import { setAddress, setUp } from './interfaces.ts';

/** Of one environment to one door: more than a program needs, and no way to take all of this server's descriptors. */
const connectionsMax = 256;
const ipv6OfNew = '/proc/sys/net/ipv6/conf/default/disable_ipv6';

export interface SlotOptions {
  readonly libc: Libc;
  /** This thread's own network namespace, to come back to. */
  readonly home: number;
  readonly doors: SandboxDoors;
  readonly awsPort: number;
  readonly index: number;
  readonly egress: Egress | undefined;
  /** Of a network to take; a new one is made without it. */
  readonly namespacePath?: string;
}

export class NetworkSlot {
  readonly index: number;
  readonly hasEgress: boolean;
  /** Opens the namespace for other programs, as long as this one lives. */
  readonly path: string;
  readonly #fd: number;
  readonly #libc: Libc;
  readonly #home: number;
  readonly #doors: SandboxDoors;
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();
  #environmentId: string | undefined;

  private constructor(options: SlotOptions, fd: number) {
    this.index = options.index;
    this.hasEgress = options.egress !== undefined;
    this.#doors = options.doors;
    this.#fd = fd;
    this.#libc = options.libc;
    this.#home = options.home;
    this.path = `/proc/${process.pid}/fd/${fd}`;
  }

  static async make(options: SlotOptions): Promise<NetworkSlot> {
    const { libc, home, egress, index, awsPort, namespacePath } = options;
    const made = insideNetwork({ libc, home, namespacePath }, () => {
      speakIpv4Only();
      setUp(libc, 'lo');
      // An alias: 127.0.0.1 stays the interface's first address.
      setAddress(libc, 'lo:1', doorAddress, '255.255.255.255');
      return { runtimeApi: libc.listenTcp(doorAddress, runtimeApiPort), aws: libc.listenTcp(doorAddress, awsPort) };
    });
    const slot = new NetworkSlot(options, made.fd);
    slot.#listen(made.listeners.runtimeApi, (socket, id) => slot.#doors.runtimeApi(socket, id));
    slot.#listen(made.listeners.aws, (socket) => slot.#doors.awsEndpoint(socket));
    if (egress) await slot.#connect(options, egress, index);
    return slot;
  }

  occupy(environmentId: string): void {
    invariant(this.#environmentId === undefined, 'a network slot has one environment at a time');
    this.#environmentId = environmentId;
  }

  /** To what the environment listens with; a socket that is closed at once where nothing does. */
  connect(port: number): Socket {
    this.#libc.enterNetwork(this.#fd);
    try {
      const socket = new Socket({ fd: this.#libc.connectTcp('127.0.0.1', port), readable: true, writable: true });
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      return socket;
    } catch (error) {
      return new Socket().destroy(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#libc.enterNetwork(this.#home);
    }
  }

  /**
   * Ends every connection of the environment that was here, which must be dead. What it still had in the kernel's accept
   * queue is accepted, and refused, before the next environment comes: otherwise it would be taken for the next one's.
   */
  async vacate(): Promise<void> {
    this.#environmentId = undefined;
    for (const socket of this.#open) socket.destroy();
    for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#open) socket.destroy();
    closeSync(this.#fd);
  }

  async #connect({ libc, home }: SlotOptions, egress: Egress, index: number): Promise<void> {
    try {
      await egress.connect(index, this.path);
      libc.enterNetwork(this.#fd);
      try {
        egress.configure(libc, index);
      } finally {
        libc.enterNetwork(home);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #listen(fd: number, hand: (socket: Socket, environmentId: string) => void): void {
    const server = createServer((socket) => {
      if (this.#environmentId === undefined) {
        socket.destroy();
        return;
      }
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      hand(socket, this.#environmentId);
    });
    server.maxConnections = connectionsMax;
    server.on('error', () => {});
    server.listen({ fd });
    this.#servers.push(server);
  }
}

/** Of interfaces that are still to come. Told beforehand it costs nothing; taking it from one that is there, 8 ms of waiting. */
function speakIpv4Only(): void {
  if (existsSync(ipv6OfNew)) writeFileSync(ipv6OfNew, '1');
}

/** Everything in `work` happens at once: no other code of this program runs while its thread is away. */
function insideNetwork<T>({ libc, home, namespacePath }: Entered, work: () => T): { fd: number; listeners: T } {
  const given = namespacePath === undefined ? undefined : openSync(namespacePath, 'r');
  if (given === undefined) libc.newNetwork();
  try {
    const fd = given ?? openSync('/proc/self/ns/net', 'r');
    try {
      if (given !== undefined) libc.enterNetwork(given);
      return { fd, listeners: work() };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } finally {
    libc.enterNetwork(home);
  }
}

type Entered = Pick<SlotOptions, 'libc' | 'home' | 'namespacePath'>;
