/** Installs the peer outside the project, once for all runs: it is no dependency of ours. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './target.ts';

export const peerPackages = { 'serverless-offline': '14.8.2', osls: '4.3.1' };

const installMsMax = 100_000;

let installed: Promise<string> | undefined;

/** The folder of its packages. Tried once: what failed would only take its time again in each case. */
export function installPeer(bench: Bench): Promise<string> {
  installed ??= install(bench);
  return installed;
}

async function install({ children, say }: Bench): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lambent-bench');
  const modules = join(cache, 'node_modules');
  if (isInstalled(modules)) return modules;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true, dependencies: peerPackages }));
  say(`Installing ${packageList()} into ${cache}`);
  // serverless-offline asks for serverless 4, which needs an account; osls is the free line of serverless 3.
  const args = ['install', '--prefix', cache, '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel', 'http'];
  const npm = spawn('npm', args, { cwd: cache, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  children.adopt(npm);
  const progress = { fetched: 0, last: '' };
  npm.stderr?.setEncoding('utf8').on('data', (text: string) => {
    progress.fetched += text.split('http fetch').length - 1;
    progress.last = text.trim().split('\n').at(-1) ?? '';
  });
  const ticking = setInterval(() => say(`  ${progress.fetched} packages asked for so far`), 5000);
  const code = await Promise.race([
    new Promise<number | string>((resolve) => {
      npm.once('error', (error) => resolve(error.message));
      npm.once('close', (exit) => resolve(exit ?? 'killed'));
    }),
    sleep(installMsMax, `not done after ${installMsMax / 1000} s` as const, { ref: false }),
  ]).finally(() => clearInterval(ticking));
  if (code === 0 && isInstalled(modules)) return modules;
  throw new Error(`Cannot install ${packageList()} with npm: ${code}; its last words: ${progress.last}`);
}

function packageList(): string {
  return Object.entries(peerPackages)
    .map(([name, version]) => `${name} ${version}`)
    .join(' and ');
}

function isInstalled(modules: string): boolean {
  return Object.entries(peerPackages).every(([name, version]) => {
    const description = join(modules, name, 'package.json');
    return existsSync(description) && JSON.parse(readFileSync(description, 'utf8')).version === version;
  });
}
