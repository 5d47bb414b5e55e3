import { readFileSync } from 'node:fs';

const needed = { CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21 } as const;

/** Why this server could not hold a process of an environment, as far as that can be told without trying. */
export function whyNothingIsHeld(): string | undefined {
  if (process.arch !== 'x64') return `processes are copied on x86-64 only, this is ${process.arch}`;
  const status = readFileSync('/proc/self/status', 'utf8');
  const filtered = /^Seccomp:\s+(\d)/m.exec(status)?.[1] ?? '0';
  if (filtered !== '0') return 'this server itself runs under a system call filter, and may suspend none';
  const effective = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const missing = Object.entries(needed).filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n);
  return missing.length === 0 ? undefined : `this server lacks ${missing.map(([name]) => name).join(' and ')}`;
}
