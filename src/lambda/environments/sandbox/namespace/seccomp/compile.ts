/**
 * Turns `profile.json` into the program that the kernel runs before each system call (classic BPF, as `seccomp(2)` and
 * bubblewrap take it). The profile names what is allowed; what it refuses by name answers EPERM; whatever else there is,
 * now or in later kernels, answers ENOSYS, so that libraries fall back to what they did before (`clone3` above all:
 * its flags are behind a pointer, where a filter cannot look).
 *
 * io_uring is refused and not killed: libuv tries it at every start.
 */
import profile from './profile.json' with { type: 'json' };

type Verdict = 'allow' | 'refuse' | 'unknown' | Inspection;
type Inspection = keyof typeof inspections;
type Architecture = 'x64' | 'arm64';

interface Range {
  readonly first: number;
  readonly verdict: Verdict;
}

/** One `struct sock_filter`. Jumps count instructions from the next one. */
interface Instruction {
  readonly code: number;
  readonly k: number;
  readonly yes?: number;
  readonly no?: number;
}

const LOAD = 0x20;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;

// Offsets in `struct seccomp_data`.
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number) => 16 + 8 * index;

const auditArchitecture = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
// Calls of the x32 ABI are the same numbers with this bit: another way to everything that is filtered here.
const x32Bit = 0x40000000;

const allow: Instruction = { code: RETURN, k: 0x7fff0000 };
const killProcess: Instruction = { code: RETURN, k: 0x80000000 };
const answerError = (errno: number): Instruction => ({ code: RETURN, k: 0x00050000 | errno });
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaceFlags = 0x7e020000;
const socketFamilies = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const harmlessPersonalities = [0, 0x8, 0x20000, 0x20008, 0xffffffff];
/** TIOCSTI and TIOCLINUX type into terminals. */
const terminalInjections = [0x5412, 0x541c];

const inspections = {
  clone: [
    { code: LOAD, k: argument(0) },
    { code: JUMP_IF_ANY_BIT, k: newNamespaceFlags, yes: 0, no: 1 },
    answerError(EPERM),
    allow,
  ],
  socket: oneOf(0, Object.values(socketFamilies), allow, answerError(EAFNOSUPPORT)),
  personality: oneOf(0, harmlessPersonalities, allow, answerError(EPERM)),
  ioctl: oneOf(1, terminalInjections, answerError(EPERM), allow),
} satisfies Record<string, Instruction[]>;

export function compileSeccomp(architecture: Architecture): Buffer {
  const outsideX32: Instruction[] =
    architecture === 'x64' ? [{ code: JUMP_IF_AT_LEAST, k: x32Bit, yes: 0, no: 1 }, answerError(ENOSYS)] : [];
  return assemble([
    { code: LOAD, k: ARCHITECTURE },
    { code: JUMP_IF_EQUAL, k: auditArchitecture[architecture], yes: 1, no: 0 },
    killProcess,
    { code: LOAD, k: NUMBER },
    ...outsideX32,
    ...searchTree(ranges(architecture)),
  ]);
}

function oneOf(index: number, values: readonly number[], then: Instruction, otherwise: Instruction): Instruction[] {
  const tests = values.map((k, at) => ({ code: JUMP_IF_EQUAL, k, yes: values.length - at, no: 0 }));
  return [{ code: LOAD, k: argument(index) }, ...tests, otherwise, then];
}

/** Neighbouring numbers with one verdict become one range; sixty ranges are found in six steps. */
function ranges(architecture: Architecture): Range[] {
  const column = profile.architectures.indexOf(architecture);
  const verdicts = new Map<number, Verdict>();
  const enter = (calls: Record<string, (number | null)[]>, verdict: (name: string) => Verdict) => {
    for (const [name, numbers] of Object.entries(calls)) {
      const number = numbers[column];
      if (typeof number === 'number') verdicts.set(number, verdict(name));
    }
  };
  enter(profile.refuse, () => 'refuse');
  enter(profile.allow, () => 'allow');
  enter(profile.inspect, inspection);
  const last = Math.max(...verdicts.keys()) + 1;
  const all = Array.from(
    { length: last + 1 },
    (_, first): Range => ({ first, verdict: verdicts.get(first) ?? 'unknown' }),
  );
  return all.filter(({ verdict }, at) => verdict !== all[at - 1]?.verdict);
}

function inspection(name: string): Inspection {
  if (name in inspections) return name as Inspection;
  throw new Error(`Cannot compile the system call filter: nothing says how to inspect "${name}"`);
}

function searchTree(found: readonly Range[]): Instruction[] {
  const middle = found.length >> 1;
  const pivot = found[middle];
  if (!pivot) return [answerError(ENOSYS)];
  if (found.length === 1) return leaf(pivot.verdict);
  const below = searchTree(found.slice(0, middle));
  // A conditional jump reaches 255 instructions, a plain one any distance.
  return [
    { code: JUMP_IF_AT_LEAST, k: pivot.first, yes: 0, no: 1 },
    { code: JUMP, k: below.length },
    ...below,
    ...searchTree(found.slice(middle)),
  ];
}

function leaf(verdict: Verdict): Instruction[] {
  if (verdict === 'allow') return [allow];
  if (verdict === 'refuse') return [answerError(EPERM)];
  if (verdict === 'unknown') return [answerError(ENOSYS)];
  return inspections[verdict];
}

function assemble(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  for (const [index, { code, k, yes = 0, no = 0 }] of instructions.entries()) {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(yes, index * 8 + 2);
    program.writeUInt8(no, index * 8 + 3);
    program.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return program;
}
