import { bootstrapFolder } from '../bootstrap-folder.ts';
import type { InstalledRuntime, Runtime } from '../runtime.ts';
import type { Interpreter, Interpreters } from './interpreters.ts';

/** What Python or the loader reads once, at its start. */
const coldVariables = [
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'PYTHONHASHSEED',
  'PYTHONOPTIMIZE',
  'PYTHONUTF8',
  'PYTHONMALLOC',
  'PYTHONDEVMODE',
  'PYTHONWARNINGS',
  'PYTHONDONTWRITEBYTECODE',
  'PYTHONIOENCODING',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LANG',
  'AWS_LAMBDA_EXEC_WRAPPER',
];

export function pythonRuntime(minor: number, interpreters: Interpreters): Runtime {
  const version = `3.${minor}`;
  const find = () => interpreters.find(version);
  return {
    id: `python${version}`,
    family: 'python',
    versionLabel: `python:${version}.v1`,
    availability() {
      if (find() !== undefined) return { available: true };
      return {
        available: false,
        why: `this machine has no python${version}; looked in ${interpreters.lookedIn(version)}`,
      };
    },
    async install(): Promise<InstalledRuntime> {
      const found = find();
      if (found === undefined) {
        throw new Error(`This machine has no python${version}; looked in ${interpreters.lookedIn(version)}`);
      }
      return installed(version, found);
    },
  };
}

function installed(version: string, { prefix, program, system }: Interpreter): InstalledRuntime {
  return {
    id: `python${version}`,
    wire: 'framed',
    generic: true,
    copies: true,
    mounts: [
      // A system interpreter is there already: its libraries are all over /usr.
      ...(system ? [] : [{ source: prefix, target: '/var/lang' }]),
      { source: bootstrapFolder('python'), target: '/var/runtime' },
    ],
    // Without the user's site-packages. Not isolated (-I): a function's own PYTHON* variables count, and the machine's are
    // not in its environment.
    command: [system ? program : `{/var/lang}/bin/python${version}`, '-s', '{/var/runtime}/bootstrap.py'],
    environment: {
      PATH: '{/var/lang}/bin:/usr/local/bin:/usr/bin:/bin:{/opt}/bin',
      LD_LIBRARY_PATH: `${system ? '' : '{/var/lang}/lib:'}/lib64:/usr/lib64:{/var/task}:{/var/task}/lib:{/opt}/lib`,
      PYTHONPATH: '{/var/runtime}',
    },
    coldVariables,
  };
}
