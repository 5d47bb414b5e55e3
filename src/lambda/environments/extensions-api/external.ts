import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Companion } from '../sandbox/companions.ts';
import type { Placement } from '../sandbox/sandbox.ts';
import { extensionsMax } from './extension.ts';

/** An empty file of this name in a layer turns external extensions off (reference: lambda-semantics 3.2). */
const offSwitch = 'disable-extensions-jwigqn8j';

/** What the layers bring to run beside the runtime: every program that lies directly in /opt/extensions. */
export async function externalExtensions({ opt }: Placement): Promise<Companion[]> {
  if (opt === undefined) return [];
  const folder = join(opt, 'extensions');
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0 || (await exists(join(opt, offSwitch)))) return [];
  const programs: Companion[] = [];
  for (const name of names.sort()) {
    if (await isProgram(join(folder, name))) programs.push({ name, command: [`{/opt}/extensions/${name}`] });
  }
  // One more than may register, so that it is told.
  return programs.slice(0, extensionsMax + 1);
}

async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (found.mode & 0o111) !== 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
