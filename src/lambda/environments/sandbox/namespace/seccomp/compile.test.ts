import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSeccomp } from './compile.ts';
import profile from './profile.json' with { type: 'json' };

const allowed = 0x7fff0000;
const killed = 0x80000000;
const answers = (errno: number) => 0x00050000 + errno;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
const arch = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly arguments?: readonly number[];
}

/** What the kernel would do: runs the program as `seccomp(2)` does. */
function verdict(program: Buffer, call: Call): number {
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const [code, yes, no] = [program.readUInt16LE(at * 8), program[at * 8 + 2] ?? 0, program[at * 8 + 3] ?? 0];
    const k = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = loaded(call, k);
    else if (code === 0x05) at += k;
    else if (code === 0x15) at += accumulator === k ? yes : no;
    else if (code === 0x35) at += accumulator >= k ? yes : no;
    else if (code === 0x45) at += (accumulator & k) !== 0 ? yes : no;
    else assert.fail(`unknown instruction ${code}`);
  }
  return assert.fail('ran past the end of the program');
}

function loaded(call: Call, offset: number): number {
  if (offset === 0) return call.number;
  if (offset === 4) return call.architecture;
  return call.arguments?.[(offset - 16) / 8] ?? 0;
}

for (const architecture of ['x64', 'arm64'] as const) {
  const program = compileSeccomp(architecture);
  const column = profile.architectures.indexOf(architecture);
  const decide = (number: number, ...args: number[]) =>
    verdict(program, { architecture: arch[architecture], number, arguments: args });
  const numberOf = (calls: Record<string, (number | null)[]>, name: string) => {
    const number = calls[name]?.[column];
    assert.ok(typeof number === 'number', `${architecture} has ${name}`);
    return number;
  };

  test(`${architecture}: each call of the profile gets its verdict`, () => {
    const expectAll = (calls: Record<string, (number | null)[]>, expected: number) => {
      for (const [name, numbers] of Object.entries(calls)) {
        const number = numbers[column];
        if (typeof number === 'number') assert.equal(decide(number), expected, name);
      }
    };
    expectAll(profile.allow, allowed);
    expectAll(profile.refuse, answers(EPERM));
  });

  test(`${architecture}: what the profile does not name is not there, clone3 above all`, () => {
    assert.equal(decide(435), answers(ENOSYS));
    assert.equal(decide(999), answers(ENOSYS));
    assert.equal(decide(0x3fffffff), answers(ENOSYS));
  });

  test(`${architecture}: clone makes threads and processes but no namespaces`, () => {
    const clone = numberOf(profile.inspect, 'clone');
    assert.equal(decide(clone, 0x3d0f00), allowed);
    assert.equal(decide(clone, 17), allowed);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      assert.equal(decide(clone, flag | 17), answers(EPERM), flag.toString(16));
    }
  });

  test(`${architecture}: sockets are of the families a function needs`, () => {
    const socket = numberOf(profile.inspect, 'socket');
    for (const family of [1, 2, 10, 16]) assert.equal(decide(socket, family), allowed);
    for (const family of [0, 17, 38, 40]) assert.equal(decide(socket, family), answers(EAFNOSUPPORT));
  });

  test(`${architecture}: nothing types into a terminal`, () => {
    const ioctl = numberOf(profile.inspect, 'ioctl');
    assert.equal(decide(ioctl, 0, 0x5412), answers(EPERM));
    assert.equal(decide(ioctl, 0, 0x5401), allowed);
  });

  test(`${architecture}: calls of another architecture end the process`, () => {
    assert.equal(verdict(program, { architecture: 0x40000003, number: 1 }), killed);
  });
}

test('x64: the x32 ABI is no way around', () => {
  const program = compileSeccomp('x64');
  assert.equal(verdict(program, { architecture: arch.x64, number: 0x40000000 + 1 }), answers(ENOSYS));
});
