/** Brings the two sources into a temporary folder: SDK clients from npm, botocore's data from PyPI. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { botocoreVersion, type Source } from './services.ts';

export function fetchSources(folder: string, sources: readonly Source[]): void {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packages = sources.map(({ client, clientVersion }) => `@aws-sdk/${client}@${clientVersion}`);
  run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages]);
  run(folder, 'python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', `botocore==${botocoreVersion}`]);
  const wheel = `botocore-${botocoreVersion}-py3-none-any.whl`;
  run(folder, 'python3', ['-m', 'zipfile', '-e', wheel, 'botocore']);
}

/** The client's exported schemas by name, without the `$` they end in. */
export function clientSchemas(folder: string, { client }: Source): ReadonlyMap<string, readonly unknown[]> {
  const exported: Record<string, unknown> = createRequire(join(folder, 'package.json'))(`@aws-sdk/${client}`);
  const schemas = new Map<string, readonly unknown[]>();
  for (const [name, value] of Object.entries(exported)) {
    if (name.endsWith('$') && Array.isArray(value)) schemas.set(name.slice(0, -1), value);
  }
  return schemas;
}

export interface BotocoreShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface BotocoreModel {
  readonly metadata: Readonly<Record<string, string>>;
  readonly operations: Readonly<
    Record<string, { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }>
  >;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

export function botocoreModel(folder: string, { botocore }: Source): BotocoreModel {
  const versions = join(folder, 'botocore/botocore/data', botocore);
  const newest = readdirSync(versions).sort().at(-1) ?? '';
  const model: BotocoreModel = JSON.parse(
    gunzipSync(readFileSync(join(versions, newest, 'service-2.json.gz'))).toString(),
  );
  return model;
}

function run(cwd: string, command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}
