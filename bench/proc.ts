/** What Linux says about processes: who is below whom, processor time, memory. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** /proc counts in hundredths of a second on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

interface Stat {
  readonly parent: number;
  readonly cpuTicks: number;
}

/** A process and everything below it that is alive. */
export function processTree(root: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat === undefined) continue;
    childrenOf.set(stat.parent, [...(childrenOf.get(stat.parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** User and system time of the processes that are alive. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuTicks ?? 0), 0) / ticksPerSecond;
}

/** Time that all processors together did not idle, waited for a host (steal) included. */
export function machineBusySeconds(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Connections to a port of this machine that are not over, as the system that accepted them sees them. */
export function connectionsTo(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['tcp', 'tcp6'].flatMap((table) => (read(`/proc/net/${table}`) ?? '').split('\n'));
  return lines.filter((line) => {
    const [, address = '', , state = ''] = line.trim().split(/\s+/, 4);
    return address.endsWith(local) && !overStates.has(state);
  }).length;
}

/** TIME_WAIT, CLOSE and LISTEN: no process has a connection there. */
const overStates = new Set(['06', '07', '0A']);

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may hold anything; after it come state, parent, …, utime and stime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuTicks: Number(fields[11]) + Number(fields[12]) };
}

export interface Memory {
  /** Resident, with what processes share counted for each. */
  readonly rssMb: number;
  /**
   * What these processes would take if they were alone on the machine: their own pages, and each mapped file once. PSS
   * would flatter: the bench and its load client map the same Node.js and take their share of it.
   */
  readonly footprintMb: number;
}

/** What a process has at most from now on, beyond what it has now. */
export function peakMemory(pid: number): { grownMb(): number } {
  // Resets the peak to what is resident now.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const peakMb = () => Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) / 1024;
  const before = peakMb();
  return { grownMb: () => peakMb() - before };
}

export function memoryOf(pids: readonly number[]): Memory {
  const files = new Map<string, number>();
  let rss = 0;
  let own = 0;
  for (const pid of pids) {
    const ofProcess = new Map<string, number>();
    for (const mapping of mappingsOf(pid)) {
      rss += mapping.rssKb;
      own += mapping.anonymousKb;
      const resident = mapping.rssKb - mapping.anonymousKb;
      ofProcess.set(mapping.file, (ofProcess.get(mapping.file) ?? 0) + resident);
    }
    for (const [file, kb] of ofProcess) files.set(file, Math.max(files.get(file) ?? 0, kb));
  }
  const mapped = [...files.values()].reduce((sum, kb) => sum + kb, 0);
  return { footprintMb: (own + mapped) / 1024, rssMb: rss / 1024 };
}

interface Mapping {
  /** Device and inode. */
  readonly file: string;
  readonly rssKb: number;
  /** Pages of no file, or copied from one, in proportion to how many processes share them. */
  readonly anonymousKb: number;
}

function mappingsOf(pid: number): Mapping[] {
  const text = read(`/proc/${pid}/smaps`) ?? '';
  return text.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((mapping) => {
    const [, , , device, inode] = mapping.split(/\s+/, 5);
    const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(mapping)?.[1] ?? 0);
    const rssKb = kb('Rss');
    if (rssKb === 0) return [];
    return [{ file: `${device}/${inode}`, rssKb, anonymousKb: kb('Anonymous') }];
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
