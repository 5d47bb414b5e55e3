import { dirname } from 'node:path';
import { bootstrapFolder } from '../bootstrap-folder.ts';
import type { InstallContext, InstalledRuntime, Runtime } from '../runtime.ts';
import type { NodePackages } from './packages.ts';

/** The newest of each line that the npm packages hold; raised with releases of Lambent. */
const versions: Readonly<Record<number, string>> = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };

/** What Node.js reads once, at its start, or the loader before that. */
const coldVariables = [
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_ICU_DATA',
  'NODE_COMPILE_CACHE',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LANG',
  'AWS_LAMBDA_EXEC_WRAPPER',
];

export function nodeRuntime(major: number, packages: NodePackages): Runtime {
  const version = versions[major] ?? `${major}`;
  return {
    id: `nodejs${major}.x`,
    family: 'nodejs',
    versionLabel: `nodejs:${major}.v${version.split('.').slice(1).join('.')}`,
    availability: () => packages.availability(),
    async install(context: InstallContext): Promise<InstalledRuntime> {
      const folder = carried(major) ?? (await packages.install(version, context));
      return installed(major, folder);
    },
  };
}

/** The program that runs this server serves functions of its line as well: nothing to fetch. */
function carried(major: number): string | undefined {
  const running = Number(process.versions.node.split('.')[0]);
  const folder = dirname(process.execPath);
  return running === major && folder.endsWith('/bin') ? dirname(folder) : undefined;
}

function installed(major: number, folder: string): InstalledRuntime {
  return {
    id: `nodejs${major}.x`,
    wire: 'framed',
    generic: true,
    mounts: [
      { source: folder, target: '/var/lang' },
      { source: bootstrapFolder('nodejs'), target: '/var/runtime' },
    ],
    command: ['{/var/lang}/bin/node', '{/var/runtime}/index.cjs'],
    environment: {
      PATH: '{/var/lang}/bin:/usr/local/bin:/usr/bin:/bin:{/opt}/bin',
      LD_LIBRARY_PATH: '{/var/lang}/lib:/lib64:/usr/lib64:{/var/runtime}:{/var/task}:{/var/task}/lib:{/opt}/lib',
      NODE_PATH: `{/opt}/nodejs/node${major}/node_modules:{/opt}/nodejs/node_modules:{/var/runtime}/node_modules:{/var/task}`,
    },
    coldVariables,
  };
}
