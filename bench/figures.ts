/** How numbers of several rounds become one, and how they are shown. The name of a figure ends in its unit. */

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The round that was disturbed least: the most of what is wanted, the least of what costs. */
export function best(figure: string, values: readonly number[]): number {
  return isRate(figure) ? Math.max(...values) : Math.min(...values);
}

/** `0.214 ms`. */
export function shown(figure: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (figure.endsWith('Ms')) return `${value < 10 ? value.toFixed(3) : value.toFixed(0)} ms`;
  if (figure.endsWith('Micros')) return `${value.toFixed(0)} µs`;
  if (figure.endsWith('Kb')) return `${value.toFixed(1)} KB`;
  if (figure.endsWith('Mb')) return `${value.toFixed(1)} MB`;
  if (isRate(figure)) return `${Math.round(value).toLocaleString('en')}/s`;
  return value.toFixed(figure.endsWith('Processors') ? 2 : 0);
}

function isRate(figure: string): boolean {
  return figure === 'perSecond' || figure === 'deliveredPerSecond';
}

export const headings: Readonly<Record<string, string>> = {
  p50Ms: 'p50',
  p90Ms: 'p90',
  p99Ms: 'p99',
  minMs: 'min',
  maxMs: 'max',
  overInvokeMs: 'over Invoke',
  perSecond: 'per second',
  deliveredPerSecond: 'delivered',
  megabytesPerSecond: 'MB/s',
  firstByteMs: 'first byte',
  errors: 'errors',
  serverCpuMicros: 'CPU server',
  environmentCpuMicros: 'CPU below',
  serverCpuMs: 'CPU server',
  environmentCpuMs: 'CPU below',
  clientCpuMicros: 'CPU client',
  othersBusyProcessors: 'others',
  readyMs: 'ready',
  activeAfterMs: 'active after',
  open: 'open',
  eachKb: 'each',
  footprintMb: 'footprint',
  rssMb: 'RSS',
  peakMb: 'peak',
  eachMb: 'each',
  eachRssMb: 'RSS each',
  processes: 'processes',
};
