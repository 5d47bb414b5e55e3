/** The functions that are invoked. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'functions');

/** The Node.js that runs everything else here too, and the first Python that is on PATH. */
const node = { folder: join(folder, 'node'), runtime: `nodejs${process.versions.node.split('.')[0]}.x` };
const python = { folder: join(folder, 'python'), runtime: pythonRuntime() };

/** They answer with their event, or with its body. 1,769 MB is one processor: nothing is held back. 128 MB is a fourteenth of it, the least that can be had. */
export const echoes = {
  'node-1769': { ...node, handler: 'index.handler', memorySize: 1769 },
  'python-1769': { ...python, handler: 'app.handler', memorySize: 1769 },
  'node-128': { ...node, handler: 'index.handler', memorySize: 128 },
  /** Answers a request of HTTP with its body. */
  web: { ...node, handler: 'web.handler', memorySize: 1769 },
} as const;

export interface Source {
  readonly folder: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memorySize: number;
}

export type Echo = keyof typeof echoes;

/** Writes as many megabytes as its event says. */
export const streaming: Source = {
  ...node,
  folder: join(folder, 'streaming'),
  handler: 'index.handler',
  memorySize: 1769,
};

/** Takes a second to load. Its runtime is one that has SnapStart. */
export const snapStarted: Omit<Source, 'runtime'> = {
  folder: join(folder, 'slow-init'),
  handler: 'app.handler',
  memorySize: 1769,
};

/** Says in its log when its handler began, and for which objects or messages. */
export const stamp: Source = { ...node, folder: join(folder, 'stamp'), handler: 'index.handler', memorySize: 1769 };

export const event = { message: 'hello', numbers: [1, 2, 3] };

function pythonRuntime(): string {
  const { stdout } = spawnSync('/usr/bin/python3', ['--version'], { encoding: 'utf8', timeout: 5000 });
  return `python${/^Python (3\.\d+)/.exec(stdout ?? '')?.[1] ?? '3.13'}`;
}
