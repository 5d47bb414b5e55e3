/** What the operators and functions of metric math make of values. */
import { invalidValue } from './parts.ts';
import type { Series } from './statistics.ts';

export type Value = number | Series | readonly Value[];

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

const overMany: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value)),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value)),
};

const overEach: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

export function called(name: string, values: readonly Value[]): Value {
  const [first = 0] = values;
  if (name === 'IF') return chosen(values);
  if (name === 'DIFF') return steps(first, (change) => change);
  if (name === 'RATE') return steps(first, (change, seconds) => change / seconds);
  const each = Object.hasOwn(overEach, name) ? overEach[name] : undefined;
  if (each !== undefined)
    return typeof first === 'number' ? each(first) : ofSeries(first, (series) => mapped(series, each));
  const many = Object.hasOwn(overMany, name) ? overMany[name] : undefined;
  if (many === undefined) throw invalidValue(`Error in expression: the function ${name} is not there yet`);
  return reduced(many, first);
}

/** Periods without a value have `by`, or what the last one had. */
export function filled(value: Value, by: Value | string, times: readonly number[]): Value {
  if (by !== 'REPEAT' && typeof by !== 'number')
    throw invalidValue('Error in expression: FILL takes a number or REPEAT');
  return ofSeries(value, (series) => {
    const full = new Map<number, number>();
    let last = by === 'REPEAT' ? undefined : by;
    for (const time of times) {
      const there = series.get(time) ?? last;
      if (by === 'REPEAT') last = there;
      if (there !== undefined) full.set(time, there);
    }
    return full;
  });
}

/** Two series have values where both have them. */
export function combined(operator: string, left: Value, right: Value): Value {
  const compute = operators[operator];
  if (compute === undefined || Array.isArray(left) || Array.isArray(right)) throw listed();
  if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
  const known = [left, right].find((each): each is Series => each instanceof Map) ?? new Map();
  const series = new Map<number, number>();
  for (const time of known.keys()) {
    const [a, b] = [at(left, time), at(right, time)];
    const value = a === undefined || b === undefined ? Number.NaN : compute(a, b);
    if (Number.isFinite(value)) series.set(time, value);
  }
  return series;
}

/** `IF(condition, then, otherwise)`; without the last there is no value where the condition does not hold. */
function chosen([condition = 0, then = 0, otherwise = new Map()]: readonly Value[]): Value {
  if (typeof condition === 'number') return condition === 0 ? otherwise : then;
  return ofSeries(condition, (series) => {
    const times = [...series].map(([time, holds]) => [time, at(holds === 0 ? otherwise : then, time)] as const);
    return new Map(times.flatMap(([time, value]) => (value === undefined ? [] : [[time, value] as const])));
  });
}

function steps(value: Value, step: (change: number, seconds: number) => number): Value {
  return ofSeries(value, (series) => {
    const points = [...series].sort(([a], [b]) => a - b);
    const changes = points.slice(1).map(([time, now], index) => {
      const [before, then] = points[index] ?? [time, now];
      return [time, step(now - then, time - before)] as const;
    });
    return new Map(changes);
  });
}

/** Of a list of series: a series; of one series: one number. */
function reduced(many: (values: readonly number[]) => number, of: Value): Value {
  if (typeof of === 'number') return of;
  if (of instanceof Map) return of.size === 0 ? 0 : many([...of.values()]);
  const list = [...of].filter((each): each is Series => each instanceof Map);
  const times = [...new Set(list.flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);
  return new Map(times.map((time) => [time, many(list.flatMap((series) => series.get(time) ?? []))]));
}

function ofSeries(value: Value, change: (series: Series) => Series): Value {
  if (value instanceof Map) return change(value);
  if (typeof value === 'number') throw invalidValue('Error in expression: a number stands where a series is expected');
  return [...value].map((each) => ofSeries(each, change));
}

function mapped(series: Series, change: (value: number) => number): Series {
  return new Map([...series].map(([time, value]) => [time, change(value)]));
}

function at(value: Value, time: number): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Map) return value.get(time);
  throw listed();
}

function listed(): Error {
  return invalidValue('Error in expression: a list stands where a series or a number is expected');
}
