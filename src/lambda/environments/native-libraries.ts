import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from './sandbox/sandbox.ts';

/**
 * Whether the package or its layers bring shared libraries in `lib/`. The loader looks at each folder of LD_LIBRARY_PATH
 * once, when the process starts, and never again where there was none: a runtime that has waited for its function would
 * not find them.
 */
export function bringsNativeLibraries({ task, opt }: Placement): boolean {
  return [task, opt].some((folder) => folder !== undefined && hasLibraries(join(folder, 'lib')));
}

function hasLibraries(folder: string): boolean {
  // Looked for first: most packages have none, and an exception costs more than a look.
  if (!existsSync(folder)) return false;
  try {
    return readdirSync(folder).some((name) => /\.so(\.|$)/.test(name));
  } catch {
    return false;
  }
}
