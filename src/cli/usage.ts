/**
 * `lambent usage`: the server's ledger, priced as AWS would. The server answers `GET /_lambent/usage?from=&to=` (days in
 * UTC, as 2026-11-23, both optional and inclusive) with `{ "rows": [{ "functionName", "version", "day", "architecture",
 * "requests", "billedMs", "gbSeconds" }] }`; a row without architecture counts as x86_64.
 */
import { UsageError } from '../config/flags.ts';
import { clientFor, numberOf, objectsOf, textOf } from './client.ts';
import { type Command, serverFlags } from './command.ts';
import { exitCodes } from './exit.ts';
import { billedPrice, dollars, listPrice, type MonthlyUsage } from './price.ts';
import { columns, printable, type Style, styleFor } from './text.ts';

export const usage: Command = {
  operands: '',
  operandCount: { min: 0, max: 0 },
  about:
    'What ran, by function, and what AWS would have charged for it: requests and GB-seconds at the list price of ' +
    'us-east-1, and the same after the free tier of each month.',
  flags: {
    from: { placeholder: 'DAY', says: 'First day, as 2026-11-01, in UTC (the first there is)' },
    to: { placeholder: 'DAY', says: 'Last day (today)' },
    ...serverFlags,
  },
  examples: [
    ['lambent usage', 'Everything since the start'],
    ['lambent usage --from 2026-11-01 --to 2026-11-30 --json', 'One month, for a program'],
  ],
  async run(given, outside) {
    const client = clientFor(given, outside);
    const query = { from: day(given.flags.from, '--from'), to: day(given.flags.to, '--to') };
    const answer = await client.json({ method: 'GET', path: '/_lambent/usage', query, service: 'lambda' });
    const rows = objectsOf(answer.rows).map(rowOf);
    const bill = { rows, months: byMonth(rows).map(priced) };
    const style = styleFor(outside.stdout, outside.env);
    outside.stdout.write(given.flags.json ? `${JSON.stringify(bill, null, 2)}\n` : page(bill, style));
    return exitCodes.ok;
  },
};

export interface UsageRow {
  readonly functionName: string;
  readonly day: string;
  readonly arm: boolean;
  readonly requests: number;
  readonly billedMs: number;
  readonly gbSeconds: number;
}

interface Bill {
  readonly rows: readonly UsageRow[];
  readonly months: readonly ReturnType<typeof priced>[];
}

function day(given: string | boolean | undefined, flag: string): string | undefined {
  const text = textOf(given);
  if (text === undefined || (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)))) return text;
  throw new UsageError(`Cannot use ${flag} ${JSON.stringify(text)}: expected a day, as 2026-11-01`);
}

export function rowOf(row: Record<string, unknown>): UsageRow {
  return {
    functionName: textOf(row.functionName) ?? '?',
    day: textOf(row.day) ?? '',
    arm: row.architecture === 'arm64',
    requests: numberOf(row.requests) ?? 0,
    billedMs: numberOf(row.billedMs) ?? 0,
    gbSeconds: numberOf(row.gbSeconds) ?? 0,
  };
}

export function byMonth(rows: readonly UsageRow[]): MonthlyUsage[] {
  const months = Map.groupBy(rows, ({ day }) => day.slice(0, 7));
  return [...months]
    .map(([month, inMonth]) => ({
      month,
      requests: total(inMonth, ({ requests }) => requests),
      gbSecondsX86: total(inMonth, ({ arm, gbSeconds }) => (arm ? 0 : gbSeconds)),
      gbSecondsArm: total(inMonth, ({ arm, gbSeconds }) => (arm ? gbSeconds : 0)),
    }))
    .sort((a, b) => a.month.localeCompare(b.month));
}

function priced(month: MonthlyUsage) {
  return { ...month, listPrice: listPrice(month), afterFreeTier: billedPrice(month) };
}

function page({ rows, months }: Bill, style: Style): string {
  if (rows.length === 0) return 'Nothing has run yet\n';
  const functions = [...Map.groupBy(rows, ({ functionName }) => functionName)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, its]) => [
      printable(name),
      String(total(its, ({ requests }) => requests)),
      `${total(its, ({ billedMs }) => billedMs)} ms`,
      total(its, ({ gbSeconds }) => gbSeconds).toFixed(3),
    ]);
  const head = ['Function', 'Requests', 'Billed', 'GB-seconds'].map(style.strong);
  const bill = months.map(({ month, requests, gbSecondsX86, gbSecondsArm, listPrice, afterFreeTier }) => [
    printable(month),
    String(requests),
    (gbSecondsX86 + gbSecondsArm).toFixed(3),
    dollars(listPrice.total),
    dollars(afterFreeTier.total),
  ]);
  const billHead = ['Month', 'Requests', 'GB-seconds', 'List price', 'After free tier'].map(style.strong);
  return [
    columns([head, ...functions], new Set([1, 2, 3])),
    '',
    columns([billHead, ...bill], new Set([1, 2, 3, 4])),
    '',
    style.faint('$0.20 a million requests, $0.0000166667 a GB-second (arm64: $0.0000133334); each month'),
    style.faint('1,000,000 requests and 400,000 GB-seconds are free'),
    '',
  ].join('\n');
}

function total<T>(rows: readonly T[], value: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}
