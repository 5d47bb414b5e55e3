/** Builds what is shipped: the program in JavaScript, and the bootstraps that run inside environments. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { lambent: 'src/main.ts' },
  bundle: true,
  // A command loads its own part only: `lambent --help` does not read the server.
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  sourcemap: true,
  logLevel: 'warning',
});
if (existsSync('src/aws/models')) cpSync('src/aws/models', 'dist/models', { recursive: true });
