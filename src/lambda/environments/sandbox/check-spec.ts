import { invariant } from '../../../base/invariant.ts';
import type { SandboxSpec } from './sandbox.ts';

/**
 * What is handed on to bubblewrap is separated by NUL bytes: a variable that held one could add options of its own, and
 * show itself this machine's files. Every kind refuses, so that a function behaves the same in all.
 */
export function checkSpec(spec: SandboxSpec): void {
  invariant(/^[a-z0-9-]{1,40}$/.test(spec.id), 'an environment id is 1 to 40 of a-z, 0-9 and -');
  for (const [name, value] of Object.entries(spec.environment)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) refuse(spec, `${JSON.stringify(name)} is no name of a variable`);
    if (value.includes('\0')) refuse(spec, `the variable ${name} holds a NUL byte`);
  }
  for (const { target } of spec.writable ?? []) {
    // `/mnt/..` would be everything.
    if (!/^\/mnt\/(?!\.\.?$)[^/]+$/.test(target))
      refuse(spec, `${JSON.stringify(target)} is no place for a file system`);
  }
  const paths = [...spec.mounts, ...(spec.writable ?? [])].flatMap(({ source, target }) => [source, target]);
  for (const word of [...spec.command, ...paths]) {
    if (word.includes('\0')) refuse(spec, `${JSON.stringify(word)} holds a NUL byte`);
  }
}

function refuse({ id }: SandboxSpec, why: string): never {
  throw new Error(`Cannot start environment "${id}": ${why}`);
}
