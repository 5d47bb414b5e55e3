/**
 * A process of an environment, held still, in whose name this server makes system calls (`ptrace(2)`): what it is made to
 * do, it does with its own rights, while none of its code runs. Its system call filter is suspended for that time, which
 * only the machine's root may ask for; it holds again, unchanged, when the process is let go.
 *
 * Registers and numbers are those of x86-64.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { Clock } from '../../../../../base/clock.ts';
import { invariant } from '../../../../../base/invariant.ts';
import { until } from '../../deadline.ts';
import { killProcess } from '../cgroup/cgroup.ts';
import { type Libc, SystemCallError } from '../libc.ts';

const PTRACE = {
  GETREGS: 12,
  SETREGS: 13,
  DETACH: 17,
  SYSCALL: 24,
  GETEVENTMSG: 0x4201,
  SEIZE: 0x4206,
  INTERRUPT: 0x4207,
} as const;

/** SYSGOOD, TRACEFORK, EXITKILL: a process that is held dies with this server; SUSPEND_SECCOMP. */
const options = 0x1 | 0x2 | 0x100000 | 0x200000;
const stoppedBySystemCall = 0x85;
const eventFork = 1;

/** Places in `struct user_regs_struct`. */
const at = { r10: 7, r9: 8, r8: 9, rax: 10, rdx: 12, rsi: 13, rdi: 14, origRax: 15, rip: 16 } as const;
const registersCount = 27;
const argumentRegisters = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'] as const;
/** A system call that was broken off; the kernel's own names, ERESTARTSYS and its like. */
const brokenOff = [-512n, -513n, -514n];
const systemCallInstruction = Buffer.from([0x0f, 0x05]);

const MMAP = 9;
const scratchBytes = 4_096;

const stopWaitMsMax = 5_000;
/** Most stops come within microseconds: looking again costs less than a timer. */
const looksMax = 300;

export class Tracee {
  readonly pid: number;
  readonly #libc: Libc;
  readonly #clock: Clock;
  /** As they were when it was stopped, and will be when it goes on. */
  readonly #registers: BigUint64Array;
  readonly #instruction: bigint;
  #scratch = 0n;

  private constructor(libc: Libc, clock: Clock, pid: number, registers: BigUint64Array, instruction: bigint) {
    this.pid = pid;
    this.#libc = libc;
    this.#clock = clock;
    this.#registers = registers;
    this.#instruction = instruction;
  }

  static async hold(libc: Libc, clock: Clock, pid: number): Promise<Tracee> {
    libc.trace(`hold process ${pid}`, PTRACE.SEIZE, pid, options);
    libc.trace(`stop process ${pid}`, PTRACE.INTERRUPT, pid);
    await stop(libc, clock, pid);
    return new Tracee(libc, clock, pid, settled(registersOf(libc, pid)), instructionOf(pid));
  }

  /** Makes a system call; what it answers. Texts are handed over by `texts`. */
  async call(attempt: string, number: number, ...parameters: readonly (number | bigint)[]): Promise<bigint> {
    const { result } = await this.#run(number, parameters);
    if (result < 0n) throw new SystemCallError(`${attempt} for process ${this.pid}`, Number(-result));
    return result;
  }

  /** A `clone` that copies it; the copy is held too. */
  async copy(flags: number): Promise<Tracee> {
    const { result, forked } = await this.#run(56, [flags]);
    if (result < 0n) throw new SystemCallError(`copy process ${this.pid}`, Number(-result));
    invariant(forked !== undefined, 'a process that is held reports its copies');
    await stop(this.#libc, this.#clock, forked);
    return new Tracee(this.#libc, this.#clock, forked, this.#registers, this.#instruction);
  }

  /** Writes bytes where it can read them; their addresses. What was written before is gone. */
  async write(...parts: readonly Buffer[]): Promise<bigint[]> {
    if (this.#scratch === 0n) this.#scratch = await this.call('find memory', MMAP, 0, scratchBytes, 3, 0x22, -1n, 0);
    const bytes = Buffer.concat(parts);
    invariant(bytes.length <= scratchBytes, 'what is handed to a process that is held fits into one page');
    const memory = openSync(`/proc/${this.pid}/mem`, 'r+');
    // An address of a process fits into 47 bits.
    writeSync(memory, bytes, 0, bytes.length, Number(this.#scratch));
    closeSync(memory);
    let from = this.#scratch;
    return parts.map((part) => {
      const here = from;
      from += BigInt(part.length);
      return here;
    });
  }

  /** Goes on where it was. */
  release(): void {
    setRegisters(this.#libc, this.pid, this.#registers);
    this.#libc.trace(`let go of process ${this.pid}`, PTRACE.DETACH, this.pid);
  }

  /** Ends it. Whoever holds a process has to hear of its end before anybody else does. */
  async kill(): Promise<void> {
    killProcess(this.pid);
    const ended = () => {
      const status = this.#libc.stopped(this.pid);
      return status !== undefined && (status & 0xff) !== 0x7f;
    };
    await until(this.#clock, stopWaitMsMax, 1, ended);
  }

  async #run(number: number, parameters: readonly (number | bigint)[]): Promise<{ result: bigint; forked?: number }> {
    const registers = this.#registers.slice();
    registers[at.rip] = this.#instruction;
    registers[at.rax] = BigInt(number);
    for (const [index, name] of argumentRegisters.entries()) {
      registers[at[name]] = BigInt.asUintN(64, BigInt(parameters[index] ?? 0));
    }
    setRegisters(this.#libc, this.pid, registers);
    let forked: number | undefined;
    // It stops before the call and after it, and in between where it has forked.
    for (let stops = 0; stops < 2; ) {
      this.#libc.trace(`make process ${this.pid} go on`, PTRACE.SYSCALL, this.pid);
      const status = await stop(this.#libc, this.#clock, this.pid);
      if (status >> 8 === stoppedBySystemCall) stops++;
      else if (status >> 16 === eventFork) forked = this.#eventMessage();
      else throw new Error(`Cannot make a system call for process ${this.pid}: it stopped with ${status.toString(16)}`);
    }
    return { result: BigInt.asIntN(64, registersOf(this.#libc, this.pid)[at.rax] ?? 0n), forked };
  }

  #eventMessage(): number {
    const message = Buffer.alloc(8);
    this.#libc.trace(`ask process ${this.pid}`, PTRACE.GETEVENTMSG, this.pid, message);
    return Number(message.readBigUInt64LE());
  }
}

async function stop(libc: Libc, clock: Clock, pid: number): Promise<number> {
  const since = clock.monotonic();
  for (let looks = 0; ; looks++) {
    const status = libc.stopped(pid);
    if (status !== undefined) {
      if ((status & 0xff) === 0x7f) return status;
      throw new Error(`Cannot hold process ${pid}: it ended`);
    }
    if (clock.monotonic() - since > stopWaitMsMax) throw new Error(`Cannot hold process ${pid}: it does not stop`);
    if (looks > looksMax) await clock.sleep(1);
  }
}

function registersOf(libc: Libc, pid: number): BigUint64Array {
  const registers = new BigUint64Array(registersCount);
  libc.trace(`read the registers of process ${pid}`, PTRACE.GETREGS, pid, bytesOf(registers));
  return registers;
}

function setRegisters(libc: Libc, pid: number, registers: BigUint64Array): void {
  libc.trace(`set the registers of process ${pid}`, PTRACE.SETREGS, pid, bytesOf(registers));
}

function bytesOf(registers: BigUint64Array): Buffer {
  return Buffer.from(registers.buffer, registers.byteOffset, registers.byteLength);
}

/** A call that stopping broke off is made again, as the kernel would; then nothing is left for it to do. */
function settled(registers: BigUint64Array): BigUint64Array {
  const call = BigInt.asIntN(64, registers[at.origRax] ?? 0n);
  if (call >= 0n && brokenOff.includes(BigInt.asIntN(64, registers[at.rax] ?? 0n))) {
    registers[at.rax] = BigInt.asUintN(64, call);
    registers[at.rip] = (registers[at.rip] ?? 0n) - BigInt(systemCallInstruction.length);
  }
  registers[at.origRax] = BigInt.asUintN(64, -1n);
  return registers;
}

/** Somewhere in what the kernel itself maps into every process there is one. */
function instructionOf(pid: number): bigint {
  const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(readFileSync(`/proc/${pid}/maps`, 'utf8')) ?? [];
  if (from === undefined || to === undefined) throw new Error(`Cannot hold process ${pid}: it has no vdso`);
  const start = Number.parseInt(from, 16);
  const code = Buffer.alloc(Number.parseInt(to, 16) - start);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  readSync(memory, code, 0, code.length, start);
  closeSync(memory);
  const offset = code.indexOf(systemCallInstruction);
  if (offset < 0) throw new Error(`Cannot hold process ${pid}: nothing in its vdso makes system calls`);
  return BigInt(start + offset);
}
