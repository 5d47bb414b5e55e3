import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a family's bootstrap lies: beside the sources, or beside the built program. */
export function bootstrapFolder(family: 'nodejs' | 'python'): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = join(here, 'runtimes', family);
  return existsSync(built) ? built : join(here, family, 'bootstrap');
}
