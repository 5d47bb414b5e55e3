/** What the demo prints, for a person. */
import { columns, printable, type Style } from '../src/cli/text.ts';
import { priceOf } from '../src/lambda/model/price.ts';
import { monthOf } from '../src/lambda/model/usage.ts';

/** The figures of a REPORT line. */
export interface Report {
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryMb: number;
  readonly usedMb: number;
  readonly initMs?: number;
}

export interface Run {
  /** From the upload's first byte to the thumbnail's last, as this program saw it. */
  readonly clientMs: number;
  readonly report: Report;
}

export function reportOf(logTail: string): Report {
  const [, duration, billed, size, used, init] =
    /REPORT RequestId: \S+\s+Duration: ([\d.]+) ms\s+Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB(?:\s+Init Duration: ([\d.]+) ms)?/.exec(
      logTail,
    ) ?? [];
  if (duration === undefined) throw new Error(`There is no REPORT line in the function's log:\n${logTail}`);
  return {
    durationMs: Number(duration),
    billedMs: Number(billed),
    memoryMb: Number(size),
    usedMb: Number(used),
    ...(init !== undefined && { initMs: Number(init) }),
  };
}

export function durations(cold: Run, warm: readonly Run[], style: Style): string {
  const row = (name: string, { clientMs, report }: Run) => [
    name,
    `${clientMs.toFixed(1)} ms`,
    `${report.durationMs.toFixed(2)} ms`,
    report.initMs === undefined ? '' : `${report.initMs.toFixed(2)} ms`,
    `${report.billedMs} ms`,
    `${report.usedMb} of ${report.memoryMb} MB`,
  ];
  const head = ['', 'as the uploader saw it', 'Duration', 'Init Duration', 'Billed Duration', 'memory'].map(
    style.strong,
  );
  const rows = [head, row('first (cold)', cold), ...warm.map((run, index) => row(`warm ${index + 1}`, run))];
  return columns(rows, new Set([1, 2, 3, 4, 5]));
}

export interface Totals {
  readonly requests: number;
  readonly billedMs: number;
  readonly gbSeconds: number;
}

export function bill({ requests, billedMs, gbSeconds }: Totals, memoryMb: number, style: Style): string {
  const { listPrice: price } = priceOf({ ...monthOf('', []), requests, gbSecondsX86: gbSeconds });
  const lines = [
    [`requests    ${requests} × $0.20 / 1,000,000`, exact(price.requests)],
    [
      `compute     ${billedMs} ms ÷ 1000 × ${memoryMb} MB ÷ 1024 = ${gbSeconds.toFixed(4)} GB-s × $0.0000166667`,
      exact(price.compute),
    ],
    [style.strong('list price'), style.strong(exact(price.total))],
    ['with the free tier (1,000,000 requests and 400,000 GB-s each month)', '$0.00'],
  ];
  return columns(lines, new Set([1]));
}

export function indented(text: string): string {
  return printable(text)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function exact(dollars: number): string {
  return `$${dollars.toFixed(10)}`;
}
