/** What this server, root or not, may really do: containers and service managers take some of root's rights away. */
import { readFileSync } from 'node:fs';

const bits = { CAP_SYS_CHROOT: 18, CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21 } as const;

export type Capability = keyof typeof bits;

/** Those of `wanted` that it lacks. */
export function capabilitiesMissing(wanted: readonly Capability[]): Capability[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return wanted.filter((name) => ((effective >> BigInt(bits[name])) & 1n) === 0n);
}
