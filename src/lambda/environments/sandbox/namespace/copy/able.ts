import { readFileSync } from 'node:fs';
import { capabilitiesMissing } from '../capabilities.ts';

/** Why this server could not hold a process of an environment, as far as that can be told without trying. */
export function whyNothingIsHeld(): string | undefined {
  if (process.arch !== 'x64') return `processes are copied on x86-64 only, this is ${process.arch}`;
  const filtered = /^Seccomp:\s+(\d)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  if (filtered !== '0') return 'this server itself runs under a system call filter, and may suspend none';
  const missing = capabilitiesMissing(['CAP_SYS_PTRACE', 'CAP_SYS_ADMIN']);
  return missing.length === 0 ? undefined : `this server lacks ${missing.join(' and ')}`;
}
