import type { Log } from '../../observe/log.ts';
import { NodePackages } from './nodejs/packages.ts';
import { nodeRuntime } from './nodejs/runtime.ts';
import { providedRuntime } from './provided/runtime.ts';
import { Interpreters } from './python/interpreters.ts';
import { pythonRuntime } from './python/runtime.ts';
import type { Runtime } from './runtime.ts';

export interface RuntimesOptions {
  readonly dataDir: string;
  readonly log: Log;
  readonly pythonDirectories: readonly string[];
}

/** Every runtime there is, by its identifier. A new one is a row here. */
export function createRuntimes({ dataDir, log, pythonDirectories }: RuntimesOptions): ReadonlyMap<string, Runtime> {
  const packages = new NodePackages({ dataDir, log });
  const interpreters = new Interpreters(pythonDirectories);
  const rows: Runtime[] = [
    ...[20, 22, 24, 26].map((major) => nodeRuntime(major, packages)),
    ...[8, 9, 10, 11, 12, 13, 14].map((minor) => pythonRuntime(minor, interpreters)),
    providedRuntime('provided.al2'),
    providedRuntime('provided.al2023'),
  ];
  return new Map(rows.map((runtime) => [runtime.id, runtime]));
}
