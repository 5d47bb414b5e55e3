/** The root that every environment shares: this machine's programs and libraries, and an /etc that tells nothing of it. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Libc } from './libc.ts';
import { mountReadOnly } from './staging.ts';

/** Lambda's own user inside, whoever it is outside. */
export const insideUser = { uid: 993, gid: 990 } as const;

const programFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];
const mountPoints = ['proc', 'dev', 'tmp', 'opt', 'var/task', 'var/lang', 'var/runtime', 'run/lambent', 'home', 'mnt'];

// What programs look up and what is the same on every machine. No /etc/localtime: functions live in UTC, as on Lambda.
const etcShown = ['ssl', 'pki', 'ca-certificates', 'alternatives', 'fonts', 'ld.so.conf.d'];
const etcCopied = [
  'ld.so.cache',
  'ld.so.conf',
  'mime.types',
  'protocols',
  'services',
  'debian_version',
  'ca-certificates.conf',
];

export function buildRoot(libc: Libc, root: string): void {
  mkdirSync(join(root, 'usr'), { recursive: true, mode: 0o755 });
  mountReadOnly(libc, '/usr', join(root, 'usr'));
  for (const name of programFolders) showProgramFolder(libc, root, name);
  for (const point of mountPoints) mkdirSync(join(root, point), { recursive: true, mode: 0o755 });
  buildEtc(libc, join(root, 'etc'));
}

/** On most distributions `/bin` is a link to `usr/bin`; on the others a folder of its own. */
function showProgramFolder(libc: Libc, root: string, name: string): void {
  const path = join('/', name);
  if (!existsSync(path)) return;
  if (lstatSync(path).isSymbolicLink()) {
    symlinkSync(readlinkSync(path), join(root, name));
  } else {
    mkdirSync(join(root, name));
    mountReadOnly(libc, path, join(root, name));
  }
}

function buildEtc(libc: Libc, etc: string): void {
  mkdirSync(etc);
  const { uid, gid } = insideUser;
  const nobody = 'nobody:x:65534:65534:nobody:/:/sbin/nologin\n';
  writeFileSync(
    join(etc, 'passwd'),
    `root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:${uid}:${gid}::/home/sbx_user1051:/sbin/nologin\n${nobody}`,
  );
  writeFileSync(join(etc, 'group'), `root:x:0:\nsbx_user1051:x:${gid}:\nnogroup:x:65534:\n`);
  writeFileSync(join(etc, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n127.0.0.1 sandbox.localdomain sandbox\n');
  writeFileSync(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  refreshResolver(etc);
  for (const name of etcCopied) copyIfThere(name, etc);
  const java = readdirSync('/etc').filter((name) => name.startsWith('java'));
  for (const name of [...etcShown, ...java]) showIfThere(libc, name, etc);
}

function copyIfThere(name: string, etc: string): void {
  const path = join('/etc', name);
  if (existsSync(path)) writeFileSync(join(etc, name), readFileSync(path));
}

function showIfThere(libc: Libc, name: string, etc: string): void {
  const path = join('/etc', name);
  if (!existsSync(path) || !lstatSync(path).isDirectory()) return;
  mkdirSync(join(etc, name));
  mountReadOnly(libc, path, join(etc, name));
}

/** A laptop changes networks: written in place, what has changed is seen by environments that run already. */
export function refreshResolver(etc: string): void {
  const path = join(etc, 'resolv.conf');
  const configuration = resolverConfiguration();
  if (!existsSync(path) || readFileSync(path, 'utf8') !== configuration) writeFileSync(path, configuration);
}

/** A resolver on this machine's own addresses cannot be reached from an environment; systemd-resolved names its upstream. */
function resolverConfiguration(): string {
  const own = new Set(Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []));
  const reachable = (server: string) => isIP(server) === 4 && !server.startsWith('127.') && !own.has(server);
  for (const path of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const servers = lines.flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []).filter(reachable);
    if (servers.length === 0) continue;
    const others = lines.filter((line) => /^(search|options)\s/.test(line));
    return [...others, ...servers.map((server) => `nameserver ${server}`), ''].join('\n');
  }
  return '';
}
