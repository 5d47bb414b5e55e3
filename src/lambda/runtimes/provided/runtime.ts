import type { Runtime } from '../runtime.ts';

/** The function brings its own runtime: a program called `bootstrap` that speaks the Runtime API. */
export function providedRuntime(id: 'provided.al2' | 'provided.al2023'): Runtime {
  return {
    id,
    family: 'provided',
    versionLabel: `${id.replace('.', ':')}.v1`,
    availability: () => ({ available: true }),
    install: async () => ({
      id,
      wire: 'http',
      generic: false,
      mounts: [],
      entrypoint: 'bootstrap',
      command: [],
      environment: {
        PATH: '/usr/local/bin:/usr/bin:/bin:{/opt}/bin',
        LD_LIBRARY_PATH: '/lib64:/usr/lib64:{/var/task}:{/var/task}/lib:{/opt}/lib',
      },
      coldVariables: [],
    }),
  };
}
