/** What a folder of code most likely is: a runtime and a handler, from the names of its files. */

export interface Guess {
  readonly runtime: string;
  readonly handler: string;
}

export interface FolderFacts {
  /** Names of the files directly in the folder. */
  readonly files: readonly string[];
  /** `main` of package.json, if it has one. */
  readonly main?: string;
  /** `3.13`: what this machine calls python3, if it has it. */
  readonly python?: string;
}

const pythonModules = ['lambda_function', 'app', 'main', 'handler', 'index', 'function'];

/** Undefined when nothing fits; the caller then asks for --runtime and --handler. */
export function guess({ files, main, python }: FolderFacts): Guess | undefined {
  const has = new Set(files);
  if (has.has('bootstrap')) return { runtime: 'provided.al2023', handler: 'bootstrap' };
  const script = main ?? ['index.mjs', 'index.js', 'index.cjs', 'app.mjs', 'app.js'].find((name) => has.has(name));
  if (script !== undefined) {
    return { runtime: 'nodejs24.x', handler: `${script.replace(/^\.\//, '').replace(/\.[cm]?js$/, '')}.handler` };
  }
  const module = pythonModules.find((name) => has.has(`${name}.py`)) ?? onlyPythonFile(files);
  if (module === undefined) return undefined;
  return {
    runtime: `python${python ?? '3.13'}`,
    handler: `${module}.${module === 'lambda_function' ? 'lambda_handler' : 'handler'}`,
  };
}

function onlyPythonFile(files: readonly string[]): string | undefined {
  const [first, ...more] = files.filter((name) => name.endsWith('.py'));
  return more.length === 0 ? first?.slice(0, -'.py'.length) : undefined;
}
