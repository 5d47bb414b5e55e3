import { closeSync, openSync } from 'node:fs';
import type { Log } from '../../../../../observe/log.ts';
import type { Launcher } from '../../launcher.ts';
import type { SandboxDoors } from '../../sandbox.ts';
import type { Libc } from '../libc.ts';
import { networkPackagesMissing } from '../programs.ts';
import { type AddressRange, addressesPerInstance } from './addresses.ts';
import { Egress } from './egress.ts';
import { NetworkSlot } from './slot.ts';

interface SlotsOptions {
  readonly libc: Libc;
  readonly launcher: () => Launcher;
  readonly log: Log;
  readonly doors: SandboxDoors;
  readonly awsPort: number;
  readonly name: string;
  readonly range: AddressRange;
}

// The range's own address, its gateway and its broadcast address are nobody's.
const slotsMax = addressesPerInstance - 3;

/** All network slots of a server: the free ones, by whether they have a way out, and the number of those ever made. */
export class NetworkSlots {
  readonly #options: SlotsOptions;
  readonly #home = openSync('/proc/self/ns/net', 'r');
  readonly #all = new Set<NetworkSlot>();
  readonly #free: NetworkSlot[] = [];
  #egress: Promise<Egress | undefined> | undefined;
  /**
   * Numbers of slots that could not be made or are no more. The one that was free for longest is used first, and a new one
   * before it: the kernel takes its time to remove a network, and what has its name.
   */
  readonly #unused: number[] = [];
  #made = 0;

  constructor(options: SlotsOptions) {
    this.#options = options;
  }

  async acquire(outward: boolean): Promise<NetworkSlot> {
    const egress = outward ? await this.#openEgress() : undefined;
    const index = this.#free.findLastIndex((slot) => slot.hasEgress === (egress !== undefined));
    const [free] = index < 0 ? [] : this.#free.splice(index, 1);
    return free ?? (await this.#make(egress));
  }

  /** Around a network that is there already: the one of a process. */
  async adopt(outward: boolean, namespacePath: string): Promise<NetworkSlot> {
    return this.#make(outward ? await this.#openEgress() : undefined, namespacePath);
  }

  release(slot: NetworkSlot): void {
    this.#free.push(slot);
  }

  /** It is not used again, and its number is. */
  discard(slot: NetworkSlot): void {
    slot.close();
    this.#all.delete(slot);
    this.#unused.push(slot.index);
  }

  async close(): Promise<void> {
    for (const slot of this.#all) slot.close();
    this.#all.clear();
    const egress = await this.#egress;
    await egress?.close();
    closeSync(this.#home);
  }

  async #make(egress: Egress | undefined, namespacePath?: string): Promise<NetworkSlot> {
    const { libc, doors, awsPort } = this.#options;
    const index = this.#made < slotsMax ? this.#made++ : this.#unused.shift();
    if (index === undefined) {
      throw new Error(
        `Cannot start an environment: this server has ${this.#made} network slots already, the most there can be`,
      );
    }
    try {
      const slot = await NetworkSlot.make({ libc, home: this.#home, doors, awsPort, index, egress, namespacePath });
      this.#all.add(slot);
      return slot;
    } catch (error) {
      this.#unused.push(index);
      throw error;
    }
  }

  /** Where no way out can be had, functions still run, with their doors only. */
  #openEgress(): Promise<Egress | undefined> {
    this.#egress ??= this.#tryEgress();
    return this.#egress;
  }

  async #tryEgress(): Promise<Egress | undefined> {
    const { log } = this.#options;
    const missing = networkPackagesMissing();
    try {
      if (missing.length > 0) throw new Error(`install ${missing.join(' and ')}`);
      return await Egress.open(this.#options);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn('Functions have no outward connections: the bridge or the firewall could not be made', { why });
      return undefined;
    }
  }
}
