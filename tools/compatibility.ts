/**
 * Makes docs/compatibility.md from the operation tables and from what is stored only, so that the page cannot say what
 * the program does not. `npm run compatibility` writes it; the test beside this file fails when it is stale.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { AnyTable } from '../src/aws/operation.ts';
import { knownDifferences } from '../src/lambda/model/known-differences.ts';
import { storedOnly } from '../src/lambda/model/stored-only.ts';
import { apigatewayDifferences } from '../src/services/apigateway/differences.ts';
import { apigatewayv2Differences } from '../src/services/apigatewayv2/differences.ts';
import { iamDifferences } from '../src/services/iam/differences.ts';
import { s3Differences } from '../src/services/s3/differences.ts';

export interface ServiceTable {
  /** Its folder, as `lambda` or `logs`. */
  readonly service: string;
  readonly table: AnyTable;
}

export const page = new URL('../docs/compatibility.md', import.meta.url);

/** Every operation table of the program, by service name. */
export async function serviceTables(): Promise<ServiceTable[]> {
  const source = new URL('../src/', import.meta.url);
  const services = new URL('services/', source);
  const folders = existsSync(services) ? readdirSync(services).sort() : [];
  const files = [
    { service: 'lambda', file: new URL('lambda/api/table.ts', source) },
    ...folders.map((service) => ({ service, file: new URL(`${service}/api/table.ts`, services) })),
  ].filter(({ file }) => existsSync(file));
  return Promise.all(files.map(async ({ service, file }) => ({ service, table: await tableIn(file) })));
}

export function rendered(tables: readonly ServiceTable[]): string {
  return [
    '# Compatibility',
    '',
    'What of the AWS API works, made from the operation tables by `npm run compatibility`; not written by hand. An operation',
    'that is not there answers `NotImplemented` with the reason below.',
    '',
    '| service | operations that work | known operations |',
    '| --- | --- | --- |',
    ...tables.map(
      ({ service, table }) => `| [${service}](#${service}) | ${working(table).length} | ${Object.keys(table).length} |`,
    ),
    ...tables.flatMap(sectionOf),
    '',
    '## Accepted and kept, without effect yet',
    '',
    'These members are validated, kept and given back exactly. Nothing else happens yet.',
    '',
    '| member | meanwhile |',
    '| --- | --- |',
    ...storedOnly.map(({ member, meanwhile }) => `| \`${member}\` | ${meanwhile} |`),
    '',
    '## Done in another way',
    '',
    '| what | here it |',
    '| --- | --- |',
    ...[
      ...knownDifferences,
      ...s3Differences,
      ...apigatewayDifferences,
      ...apigatewayv2Differences,
      ...iamDifferences,
    ].map(({ what, here }) => `| ${what} | ${here} |`),
    '',
  ].join('\n');
}

function sectionOf({ service, table }: ServiceTable): string[] {
  const absent = Object.entries(table).flatMap(([name, row]) => ('unsupported' in row ? [{ name, row }] : []));
  const byReason = Map.groupBy(absent, ({ row }) => row.unsupported);
  const rows = [...byReason].map(([why, each]) => `| ${each.map(({ name }) => code(name)).join(', ')} | ${why} |`);
  return [
    '',
    `## ${service}`,
    '',
    `Works: ${working(table).sort().map(code).join(', ') || 'nothing yet'}`,
    ...(rows.length > 0 ? ['', '| not there | why |', '| --- | --- |', ...rows.sort()] : []),
  ];
}

const code = (name: string) => `\`${name}\``;

function working(table: AnyTable): string[] {
  return Object.keys(table).filter((name) => !('unsupported' in (table[name] ?? {})));
}

/** A table is a constant, or what a `create…Table` function makes; rows are only looked at, never called. */
async function tableIn(file: URL): Promise<AnyTable> {
  const module: Record<string, unknown> = await import(file.href);
  for (const [name, value] of Object.entries(module)) {
    if (!/table$/i.test(name)) continue;
    const table: unknown = typeof value === 'function' ? value(standIn) : value;
    if (isTable(table)) return table;
  }
  throw new Error(`Cannot read the operations in ${file.pathname}: no export whose name ends in Table makes a table`);
}

function isTable(value: unknown): value is AnyTable {
  if (typeof value !== 'object' || value === null) return false;
  const rows: unknown[] = Object.values(value);
  return rows.every((row) => typeof row === 'object' && row !== null && ('handle' in row || 'unsupported' in row));
}

/** Stands for all parts of a service: any member of it, and any answer it gives, is itself. */
const standIn: unknown = new Proxy(() => {}, { get: () => standIn, apply: () => standIn });

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(page, rendered(await serviceTables()));
}
