/** What environments reach and what they do not. The world outside is a machine of the test's own at the end of a cable. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { connect, type Harness, listen } from './harness.ts';

export function networkCases(harness: () => Harness): void {
  let world: World | undefined;

  before(async () => {
    if (harness().kind.guarantees.ownNetwork) world = await World.make();
  });
  after(() => world?.close());

  test('Services on the loopback and the other addresses of this machine do not answer', async () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const outward = own.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
    for (const address of outward ? ['127.0.0.1', outward] : ['127.0.0.1']) {
      const service = await listen(address, 'a service of this machine');
      const { output } = await harness().run(connect(address, service.port), { network: true });
      service.server.close();
      if (harness().kind.guarantees.ownNetwork) assert.match(output, /^(ECONNREFUSED|timeout|EHOSTUNREACH)$/, address);
      else assert.equal(output, 'a service of this machine');
    }
  });

  test('Outward connections work where they are wanted, and only there', async (t) => {
    if (!world) return t.skip('this kind shares the network of the machine');
    const reach = connect(world.address, world.port);
    assert.equal((await harness().run(reach, { network: true })).output, 'the world');
    assert.match((await harness().run(reach, { network: false })).output, /^ENETUNREACH$/);
  });

  test('The metadata service of a cloud does not answer', async (t) => {
    if (!world) return t.skip('this kind shares the network of the machine');
    const reach = connect(world.metadata, world.port);
    assert.equal(await world.fromHost(world.metadata), 'the world', 'this machine itself reaches it');
    assert.equal((await harness().run(reach, { network: true })).output, 'timeout');
  });

  test('Environments do not reach each other', async (t) => {
    if (!harness().kind.guarantees.ownNetwork) return t.skip('this kind shares the network of the machine');
    const server = await harness().start(
      `import { networkInterfaces } from 'node:os'; import { createServer } from 'node:net';
       createServer((socket) => socket.end('another function')).listen(8000, '0.0.0.0', () =>
         console.log(networkInterfaces().eth0[0].address));`,
      { network: true },
    );
    const [address] = await once(server.output, 'data');
    const { output } = await harness().run(connect(String(address).trim(), 8000), { network: true });
    assert.match(output, /^(EHOSTUNREACH|timeout)$/);
  });

  test('The way out has no IPv6, which no rule of ours is made for; the loopback has', async (t) => {
    if (!world) return t.skip('this kind shares the network of the machine');
    const { output } = await harness().run(
      `import { readFileSync } from 'node:fs';
       try { console.log(readFileSync('/proc/net/if_inet6', 'utf8').trim().split('\\n').map((line) => line.split(' ').at(-1)).join()); }
       catch { console.log('lo') }`,
      { network: true },
    );
    assert.equal(output.trim(), 'lo');
  });

  test('A listener on the loopback inside is for that environment alone', async (t) => {
    if (!harness().kind.guarantees.ownNetwork) return t.skip('this kind shares the network of the machine');
    const { output } = await harness().run(
      `import { createServer } from 'node:net';
       const server = createServer((socket) => socket.once('data', () => socket.end('mine'))).listen(9999, '127.0.0.1');
       await new Promise((resolve) => server.on('listening', resolve));
       ${connect('localhost', 9999)} server.close()`,
    );
    assert.equal(output, 'mine');
  });
}

/** A network namespace with a server at two addresses, one of which is where clouds keep their metadata. */
class World {
  readonly address: string;
  readonly metadata: string;
  readonly port = 8123;
  readonly #name: string;
  readonly #server: ChildProcess;

  private constructor(name: string, subnet: number) {
    this.#name = name;
    this.address = `198.18.${subnet}.2`;
    this.metadata = `169.254.${subnet}.254`;
    const script = `require('net').createServer((s) => { s.on('error', () => {}); s.once('data', () => s.end('the world')) })
      .listen(${this.port}, '0.0.0.0', () => console.log('up'))`;
    this.#server = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  static async make(): Promise<World> {
    const name = `lbw${process.pid}`;
    const subnet = process.pid % 250;
    const host = `198.18.${subnet}.1`;
    ip('netns', 'add', name);
    try {
      ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('addr', 'add', `${host}/30`, 'dev', name);
      ip('link', 'set', name, 'up');
      ip('-n', name, 'addr', 'add', `198.18.${subnet}.2/30`, 'dev', 'eth0');
      ip('-n', name, 'addr', 'add', `169.254.${subnet}.254/32`, 'dev', 'eth0');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      ip('route', 'add', `169.254.${subnet}.254/32`, 'via', `198.18.${subnet}.2`);
      const world = new World(name, subnet);
      if (world.#server.stdout) await once(world.#server.stdout, 'data');
      return world;
    } catch (error) {
      ip('netns', 'delete', name);
      throw error;
    }
  }

  async fromHost(address: string): Promise<string> {
    const program = connect(address, this.port);
    return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim();
  }

  async close(): Promise<void> {
    this.#server.kill('SIGKILL');
    await once(this.#server, 'exit');
    ip('netns', 'delete', this.#name);
  }
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: 'pipe' });
}
