import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import type { Faulted } from './outcome.ts';
import type { Placement } from './sandbox/sandbox.ts';

/** The function brings its own program, and brought none that can be started: its fault, not the server's. */
export class EntrypointError extends Error {
  override readonly name = 'EntrypointError';
  readonly ending: Faulted;

  constructor(message: string) {
    super(message);
    this.ending = { kind: 'faulted', errorType: 'Runtime.InvalidEntrypoint', message };
  }
}

/** Program and arguments, with placeholders. */
export async function commandOf(
  { entrypoint, command }: Pick<InstalledRuntime, 'entrypoint' | 'command'>,
  { task, opt }: Placement,
): Promise<readonly string[]> {
  if (entrypoint === undefined) return command;
  if (await isProgram(join(task, entrypoint))) return [`{/var/task}/${entrypoint}`, ...command];
  if (opt !== undefined && (await isProgram(join(opt, entrypoint)))) return [`{/opt}/${entrypoint}`, ...command];
  const looked = ['/var/task', '/opt'].map((folder) => `${folder}/${entrypoint}`);
  throw new EntrypointError(`Couldn't find valid bootstrap(s): [${looked.join(' ')}]`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() && (found.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
