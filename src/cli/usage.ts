/** `lambent usage`: the server's ledger, priced as AWS would. What the server answers is told in ingress/usage.ts. */
import { UsageError } from '../config/flags.ts';
import { clientFor, isObject, numberOf, objectsOf, textOf } from './client.ts';
import { type Command, serverFlags } from './command.ts';
import { exitCodes } from './exit.ts';
import { bytes, columns, dollars, printable, type Style, share, styleFor } from './text.ts';

export const usage: Command = {
  operands: '',
  operandCount: { min: 0, max: 0 },
  about:
    'What ran, by function, and what AWS would have charged for it: requests, GB-seconds, provisioned concurrency, streamed ' +
    'bytes and /tmp at the list price of us-east-1, the same after the free tier of each month, and how much of the last ' +
    "month's free tier is gone.",
  flags: {
    from: { placeholder: 'DAY', says: 'First day, as 2026-11-01, in UTC (the first there is)' },
    to: { placeholder: 'DAY', says: 'Last day (today)' },
    month: { placeholder: 'MONTH', says: 'All days of a month, as 2026-11, instead of --from and --to' },
    ...serverFlags,
  },
  examples: [
    ['lambent usage', 'Everything since the start'],
    ['lambent usage --month 2026-11 --json', 'One month, for a program'],
  ],
  async run(given, outside) {
    const client = clientFor(given, outside);
    const query = days(given.flags);
    const answer = await client.json({ method: 'GET', path: '/_lambent/usage', query, service: 'lambda' });
    const bill = { rows: objectsOf(answer.rows), months: objectsOf(answer.months) };
    const style = styleFor(outside.stdout, outside.env);
    const bars = outside.stdout.isTTY === true;
    const asked = query.from !== undefined || query.to !== undefined;
    outside.stdout.write(given.flags.json ? `${JSON.stringify(bill, null, 2)}\n` : page(bill, { style, bars, asked }));
    return exitCodes.ok;
  },
};

/** What a server says is not believed to have the right type. */
type Answered = Record<string, unknown>;

interface Bill {
  readonly rows: readonly Answered[];
  readonly months: readonly Answered[];
}

interface Look {
  readonly style: Style;
  readonly bars: boolean;
  /** Whether days were named. */
  readonly asked: boolean;
}

function days({ from, to, month }: Readonly<Record<string, string | boolean | undefined>>) {
  const text = textOf(month);
  if (text === undefined) return checked({ from: day(from, '--from'), to: day(to, '--to') });
  if (from !== undefined || to !== undefined) throw new UsageError('Cannot use --month with --from or --to');
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) {
    throw new UsageError(`Cannot use --month ${JSON.stringify(text)}: expected a month, as 2026-11`);
  }
  return { from: `${text}-01`, to: `${text}-31` };
}

function day(given: string | boolean | undefined, flag: string): string | undefined {
  const text = textOf(given);
  if (text === undefined || isDay(text)) return text;
  throw new UsageError(`Cannot use ${flag} ${JSON.stringify(text)}: expected a day, as 2026-11-01`);
}

/** `Date.parse` takes the 30th of February for the second of March. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function checked(days: { from?: string; to?: string }) {
  const { from = '', to = '9999-12-31' } = days;
  if (from > to) throw new UsageError(`Cannot use --from ${from}: it is after --to ${to}`);
  return days;
}

function page({ rows, months }: Bill, { style, bars, asked }: Look): string {
  if (rows.length === 0) return asked ? 'Nothing ran in these days\n' : 'Nothing has run yet\n';
  const last = months.at(-1) ?? {};
  return [
    functionTable(rows, style),
    '',
    monthTable(months, style),
    '',
    style.strong(`Free tier of ${printable(textOf(last.month) ?? '')}`),
    freeTier(last, bars),
    '',
    style.faint('$0.20 a million requests, $0.0000166667 a GB-second (arm64: $0.0000133334)'),
    style.faint('Provisioned: $0.0000041667 a GB-second while it is there, $0.0000097222 while it runs; never free'),
    '',
  ].join('\n');
}

function functionTable(rows: readonly Answered[], style: Style): string {
  const byName = [...Map.groupBy(rows, ({ functionName }) => textOf(functionName) ?? '?')];
  const all = byName
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, its]) => [
      printable(name),
      String(total(its, 'requests')),
      `${total(its, 'billedMs')} ms`,
      total(its, 'gbSeconds').toFixed(3),
      `${total(its, 'initMs').toFixed(0)} ms`,
      total(its, 'allocatedGbSeconds').toFixed(3),
      bytes(total(its, 'streamedBytes')),
    ]);
  const head = ['Function', 'Requests', 'Billed', 'GB-seconds', 'Init', 'Provisioned GB-s', 'Streamed'];
  return shownColumns([head.map(style.strong), ...all], 4, (cell) => /^0(\.0+)?( ms| B)?$/.test(cell));
}

function monthTable(months: readonly Answered[], style: Style): string {
  const all = months.map((month) => [
    printable(textOf(month.month) ?? '?'),
    String(number(month, 'requests')),
    (total([month], 'gbSecondsX86') + total([month], 'gbSecondsArm')).toFixed(3),
    dollars(number(object(month.listPrice), 'provisioned')),
    dollars(number(object(month.listPrice), 'streaming')),
    dollars(number(object(month.listPrice), 'storage')),
    dollars(number(object(month.listPrice), 'total')),
    dollars(number(object(month.afterFreeTier), 'total')),
  ]);
  const head = [
    ...['Month', 'Requests', 'GB-seconds', 'Provisioned', 'Streaming', '/tmp', 'List price', 'After free tier'],
  ];
  return columns([head.map(style.strong), ...all], new Set([1, 2, 3, 4, 5, 6, 7]));
}

function freeTier(month: Answered, bars: boolean): string {
  const free = object(month.freeTier);
  const line = (name: string, key: string, unit: (value: number) => string) => {
    const { used, of } = { used: number(object(free[key]), 'used'), of: number(object(free[key]), 'of') };
    return [name, share(of === 0 ? 0 : used / of, bars), `${unit(used)} of ${unit(of)}`];
  };
  const whole = (value: number) => Math.ceil(value).toLocaleString('en-US');
  return columns([
    line('Requests', 'requests', whole),
    line('GB-seconds', 'gbSeconds', whole),
    line('Streamed', 'streamedBytes', bytes),
  ]);
}

/** Columns from `first` on in which all rows have nothing are left out. */
function shownColumns(rows: readonly string[][], first: number, nothing: (cell: string) => boolean): string {
  const [head = []] = rows;
  const kept = head.map((_, index) => index < first || rows.slice(1).some((row) => !nothing(row[index] ?? '')));
  const numbers = new Set(head.map((_, index) => index).slice(1));
  return columns(
    rows.map((row) => row.filter((_, index) => kept[index])),
    numbers,
  );
}

function object(value: unknown): Answered {
  return isObject(value) ? value : {};
}

function number(from: Answered, key: string): number {
  return numberOf(from[key]) ?? 0;
}

function total(rows: readonly Answered[], key: string): number {
  return rows.reduce((sum, row) => sum + number(row, key), 0);
}
