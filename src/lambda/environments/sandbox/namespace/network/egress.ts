/**
 * The way out: a bridge for this server with one virtual cable an environment, and a firewall table of its own that lets
 * environments reach the world but not this machine, nor its cloud's metadata service, nor each other.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../../../../../observe/log.ts';
import { type Launcher, quote } from '../../launcher.ts';
import type { Libc } from '../libc.ts';
import { findProgram } from '../programs.ts';
import type { AddressRange } from './addresses.ts';
import { setAddress, setDefaultRoute, setUp } from './interfaces.ts';

const interfaces = '/sys/class/net';

interface EgressOptions {
  /** Bridge and table. */
  readonly name: string;
  readonly range: AddressRange;
  readonly launcher: () => Launcher;
  readonly log: Log;
}

export class Egress {
  readonly #options: EgressOptions;
  readonly #mtu = outwardMtu();

  private constructor(options: EgressOptions) {
    this.#options = options;
  }

  static async open(options: EgressOptions): Promise<Egress> {
    const { name, range, launcher, log } = options;
    letPacketsThrough(log);
    await launcher().execute(`nft -f - <<'end'\n${firewall(name, range)}\nend\n`);
    const bridge = [
      `link add ${name} type bridge`,
      `link set ${name} addrgenmode none`,
      `addr add ${range.gateway}/22 dev ${name}`,
      `link set ${name} up`,
    ];
    await launcher().execute(ipBatch(bridge));
    await tellOfOtherFirewalls(log);
    return new Egress(options);
  }

  /** Lays a cable into the network namespace that is open at `namespacePath`; its end there is `eth0`, not yet set up. */
  async connect(slot: number, namespacePath: string): Promise<void> {
    const { name, launcher } = this.#options;
    const cable = `${name}-${slot}`;
    const mtu = `mtu ${this.#mtu}`;
    const lines = [
      // The kernel takes its time to remove the cable of a server that is gone.
      ...(existsSync(join(interfaces, cable)) ? [`link delete ${cable}`] : []),
      `link add ${cable} ${mtu} type veth peer name eth0 ${mtu} netns ${namespacePath}`,
      `link set ${cable} addrgenmode none`,
      `link set ${cable} master ${name} up`,
      `link set ${cable} type bridge_slave isolated on`,
    ];
    await launcher().execute(ipBatch(lines));
  }

  /** The rest of `connect`, from inside the namespace. */
  configure(libc: Libc, slot: number): void {
    const { range } = this.#options;
    setAddress(libc, 'eth0', range.environment(slot), range.netmask);
    setUp(libc, 'eth0');
    setDefaultRoute(libc, range.gateway);
  }

  async close(): Promise<void> {
    const { name, launcher } = this.#options;
    await launcher()
      .execute(`ip link delete ${name}; nft delete table inet ${name}`)
      .catch(() => {});
  }
}

/** The bridge and its cables. */
export const isOwnInterface = (entry: string, name: string) => entry === name || entry.startsWith(`${name}-`);

const ipBatch = (lines: readonly string[]) => `printf '%s\\n' ${lines.map(quote).join(' ')} | ip -batch -`;

// Priority -10 comes before other programs' filters: what is dropped here stays dropped, the rest is theirs to judge.
// -150 comes before address translation, so that ports published by containers on this machine's addresses stay closed.
const firewall = (name: string, { cidr }: AddressRange) => `
table inet ${name}
delete table inet ${name}
table inet ${name} {
  chain early {
    type filter hook prerouting priority -150; policy accept;
    iifname "${name}" fib daddr type { local, broadcast, multicast } drop
  }
  chain input {
    type filter hook input priority -10; policy accept;
    iifname "${name}" drop
  }
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname "${name}" ip saddr != ${cidr} drop
    iifname "${name}" ip daddr { 127.0.0.0/8, 169.254.0.0/16 } drop
    iifname "${name}" meta nfproto ipv6 drop
    iifname "${name}" oifname "lambent*" drop
    oifname "${name}" ct state established,related accept
    oifname "${name}" drop
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr ${cidr} oifname != "${name}" masquerade
  }
}`;

function letPacketsThrough(log: Log): void {
  const path = '/proc/sys/net/ipv4/ip_forward';
  if (readFileSync(path, 'utf8').trim() === '1') return;
  writeFileSync(path, '1');
  log.info('Turned on net.ipv4.ip_forward, so that functions reach the network');
}

/** What another table drops stays dropped, whatever ours accepts: Docker's, above all, drops what it does not know. */
async function tellOfOtherFirewalls(log: Log): Promise<void> {
  const { stdout } = await promisify(execFile)(findProgram('nft') ?? 'nft', ['list', 'chains'], { timeout: 5_000 });
  if (!/hook forward [^}]*policy drop/.test(stdout)) return;
  log.warn('Another firewall on this machine drops forwarded packets, so functions may have no outward connections', {
    remedy: 'accept packets in and out of interfaces named lambent* in its forward chain (Docker: DOCKER-USER)',
  });
}

/** A larger packet than the way out takes would be lost where path MTU discovery does not work. */
function outwardMtu(): number {
  const routes = readFileSync('/proc/net/route', 'utf8').split('\n');
  const outward = routes.map((line) => line.split('\t')).find(([, destination]) => destination === '00000000')?.[0];
  const path = `/sys/class/net/${outward}/mtu`;
  return outward && existsSync(path) ? Math.min(1_500, Number(readFileSync(path, 'utf8'))) : 1_500;
}
