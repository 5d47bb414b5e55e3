/** A process that is forked in one sandbox and moves into another. Node.js cannot fork: a Python of the system does. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { CopyPlaces, Sandbox } from '../sandbox.ts';
import type { Harness } from './harness.ts';

const python = '/usr/bin/python3';

/** Forks when it is told where the copy's places are; the copy goes on when it is told once more. */
const program = `
import json, os, socket, sys
channel = socket.socket(socket.AF_UNIX)
channel.connect(os.environ["LAMBENT_CHANNEL"])
lines = channel.makefile("rw")
def say(line):
    lines.write(line + "\\n")
    lines.flush()
open(os.path.join(os.environ["MY_TMP"], "from-source"), "w").close()
say("ready")
places = json.loads(lines.readline())
near, far = socket.socketpair()
copy = os.fork()
if copy == 0:
    near.close()
    if far.recv(1) != b"1":
        os._exit(1)
    os.setsid()
    status = os.open(places["status"], os.O_WRONLY)
    output = os.open(places["output"], os.O_WRONLY)
    os.dup2(output, 1)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        where = dict(place=places["tmp"], pids=len([n for n in os.listdir("/proc") if n.isdigit()]))
        where["tmp"] = sorted(os.listdir(places["tmp"]))
        where["rights"] = [l.split()[1] for l in open("/proc/self/status") if l.startswith(("CapEff", "CapBnd", "Seccomp:"))]
        host, port = places["api"].split(":")
        door = socket.create_connection((host, int(port)), 5)
        door.send(b"who")
        where["door"] = door.recv(100).decode()
        print(json.dumps(where), flush=True)
        if places["eat"]:
            kept = bytearray(os.urandom(1024)) * (places["eat"] * 1024)
        os._exit(7)
    os.write(status, b"started %d\\n" % child)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(status, b"exit %d\\n" % (code if code >= 0 else 128 - code))
    os._exit(0)
far.close()
say("forked %d" % copy)
near.send(lines.readline()[:1].encode())
near.close()
say("lives " + str(os.waitpid(-1, 0)[1]))
lines.readline()
`;

interface Where {
  readonly place: string;
  readonly pids: number;
  readonly tmp: string[];
  readonly rights: string[];
  readonly door: string;
}

export function copyCases(harness: () => Harness): void {
  const skip = () => harness().kind.copiesNothing !== undefined || !existsSync(python);
  const copySpec = { tmpBytes: 16 << 20, memoryBytes: 96 << 20, network: false };

  async function source() {
    const sandbox = await harness().start('', {
      mounts: [],
      command: [python, '-c', program],
      environment: { PATH: '/usr/bin:/bin', MY_TMP: '{/tmp}' },
      memoryBytes: 256 << 20,
    });
    const channel = await sandbox.channel;
    const heard = createInterface({ input: channel })[Symbol.asyncIterator]();
    const hear = async () => (await heard.next()).value;
    assert.equal(await hear(), 'ready');
    return { sandbox, hear, tell: (line: string) => channel.write(`${line}\n`) };
  }

  /** Its places, and what it is to do there. */
  const order = (places: CopyPlaces, api: string, eat: number) => JSON.stringify({ ...places, api, eat });

  async function copied(
    eat = 0,
  ): Promise<{ copy: Sandbox; where: Where; original: Awaited<ReturnType<typeof source>> }> {
    const original = await source();
    const id = `copy-${process.pid}-${eat}`;
    const made = await harness().kind.makeCopy(original.sandbox, { ...copySpec, id });
    original.tell(order(made.places, original.sandbox.runtimeApi, eat));
    const forked = /^forked (\d+)$/.exec(String(await original.hear()))?.[1];
    await made.moveIn(Number(forked));
    const copy = await made.open();
    original.tell('1');
    const where = JSON.parse(await text(copy.output));
    return { copy, where, original };
  }

  test('A forked process has a sandbox of its own, with what its source had in /tmp', async (t) => {
    if (skip()) return t.skip();
    const { copy, where, original } = await copied();
    assert.deepEqual(await copy.exited, { code: 7 });
    assert.deepEqual(where.tmp, ['from-source']);
    const { ownProcesses, ownNetwork, systemCallFilter } = harness().kind.guarantees;
    if (ownProcesses) assert.equal(where.pids, 2);
    if (systemCallFilter) assert.deepEqual(where.rights, ['0000000000000000', '0000000000000000', '2']);
    if (ownNetwork) assert.equal(where.door, `runtime api of ${copy.id}`);
    // The source hears of the end of what it forked, and lives.
    assert.match(String(await original.hear()), /^lives /);
    await copy.kill();
    await original.sandbox.kill();
  });

  test('The memory limit of a copy is its own, and its source lives on', async (t) => {
    if (skip() || !harness().kind.guarantees.memoryLimit) return t.skip();
    const { copy, original } = await copied(160);
    assert.deepEqual(await copy.exited, { signal: 'SIGKILL' });
    assert.equal(copy.outOfMemoryKills(), 1);
    assert.equal(original.sandbox.outOfMemoryKills(), 0);
    assert.match(String(await original.hear()), /^lives /);
    await copy.kill();
    await original.sandbox.kill();
  });

  test('A copy that is given up before it was made, or whose process never comes, leaves nothing', async (t) => {
    if (skip()) return t.skip();
    const original = await source();
    const spec = { ...copySpec, id: `copy-${process.pid}-none` };
    await (await harness().kind.makeCopy(original.sandbox, spec)).abandon();
    const again = await harness().kind.makeCopy(original.sandbox, { ...spec, id: `${spec.id}-2` });
    if (harness().kind.guarantees.ownProcesses) await assert.rejects(again.moveIn(9), /its source has no process 9/);
    await again.abandon();
    await original.sandbox.kill();
  });
}
