import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Debian's package for each program that a namespace needs. */
const packages = { bwrap: 'bubblewrap', nsenter: 'util-linux' } as const;
/** Without these, functions run but reach no network. */
const networkPackages = { ip: 'iproute2', nft: 'nftables' } as const;

export function findProgram(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Packages to install before anything can run in a namespace. */
export const packagesMissing = () => missing(packages);
/** Packages to install before functions in namespaces reach the network. */
export const networkPackagesMissing = () => missing(networkPackages);

function missing(wanted: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted).flatMap(([program, name]) => (findProgram(program) ? [] : [name]));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
