/** Builds what is shipped: one JavaScript file for the program, and the bootstraps that run inside environments. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
if (existsSync('src/main.ts')) {
  await build({
    entryPoints: { lambent: 'src/main.ts' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outdir: 'dist',
    sourcemap: true,
    logLevel: 'warning',
  });
}
if (existsSync('src/aws/models')) cpSync('src/aws/models', 'dist/models', { recursive: true });
