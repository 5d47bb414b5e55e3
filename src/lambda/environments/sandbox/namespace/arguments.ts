/** How bubblewrap is told what an environment is. */
import { insideUser } from './system.ts';

export interface BubblewrapOptions {
  readonly root: string;
  /** This environment's own folder: `task`, `opt`, `tmp`, `run`. */
  readonly folder: string;
  readonly mounts: readonly { readonly path: string; readonly target: string }[];
  readonly writable: readonly { readonly path: string; readonly target: string }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Where the framed channel's socket is inside. */
export const channelInside = '/run/lambent/channel';

/** Descriptors that the waiting shell has open for bubblewrap. */
export const descriptors = { arguments: 3, status: 4, seccomp: 5 } as const;

const isolation = [
  ['--unshare-user', '--uid', String(insideUser.uid), '--gid', String(insideUser.gid)],
  ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup', '--hostname', '169.254.100.1'],
  ['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
].flat();

/**
 * The network namespace is the one bubblewrap is started in. `/dev` is a file system in memory that its user could fill:
 * read-only, which also takes `/dev/shm` away, as on Lambda.
 */
export function bubblewrapArguments({ root, folder, mounts, writable, environment, cwd }: BubblewrapOptions): string[] {
  return [
    ...isolation,
    ...['--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ...['--bind', `${folder}/tmp`, '/tmp'],
    ...['--ro-bind', `${folder}/task`, '/var/task', '--ro-bind', `${folder}/opt`, '/opt'],
    ...['--ro-bind', `${folder}/run`, '/run/lambent'],
    ...mounts.flatMap(({ path, target }) => ['--ro-bind', path, target]),
    ...fileSystems(writable),
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', cwd],
  ];
}

/** Their places are made in memory: the root that all share tells nobody what another function has. */
function fileSystems(writable: BubblewrapOptions['writable']): string[] {
  if (writable.length === 0) return [];
  const binds = writable.flatMap(({ path, target }) => ['--bind', path, target]);
  return ['--tmpfs', '/mnt', ...binds, '--remount-ro', '/mnt'];
}
