import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface Interpreter {
  readonly program: string;
  /** The folder that holds `bin/` and `lib/`. */
  readonly prefix: string;
  /** Part of the operating system, under /usr. */
  readonly system: boolean;
}

/** Finds interpreters by looking at files; runs none of them, so that it costs nothing at the start. */
export class Interpreters {
  readonly #folders: readonly string[];

  /** `first` is looked through before everything else. */
  constructor(first: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.includes('/shims'));
    const usual = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'];
    this.#folders = [...new Set([...first, ...onPath, ...usual])];
  }

  find(version: string): Interpreter | undefined {
    for (const folder of [...this.#folders, ...pyenvFolders(version)]) {
      const program = join(folder, `python${version}`);
      if (existsSync(program)) return interpreterAt(program, version);
    }
    return undefined;
  }

  lookedIn(version: string): string {
    return [...this.#folders, join(pyenvRoot(), 'versions', `${version}.*`, 'bin')].join(', ');
  }
}

function interpreterAt(program: string, version: string): Interpreter | undefined {
  const real = realpathSync(program);
  const prefix = dirname(dirname(real));
  const system = prefix === '/usr' || prefix === '/usr/local' || prefix === '/';
  return { program: system ? real : join(prefix, 'bin', `python${version}`), prefix, system };
}

function pyenvRoot(): string {
  return process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
}

/** The newest patch release comes first. */
function pyenvFolders(version: string): string[] {
  const versions = join(pyenvRoot(), 'versions');
  if (!existsSync(versions)) return [];
  const patch = (name: string) => Number(name.split('.')[2] ?? 0);
  const fitting = readdirSync(versions).filter((name) => name.startsWith(`${version}.`));
  return fitting.sort((a, b) => patch(b) - patch(a)).map((name) => join(versions, name, 'bin'));
}
