/** JSONPath, as `$input.path` and mappings of bodies write it: names, places, slices, wildcards, descent, simple filters. */
type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'places'; readonly places: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'filter';
      readonly path: readonly string[];
      readonly operator: string | undefined;
      readonly wanted: unknown;
    };

interface Move {
  readonly deep: boolean;
  readonly step: Step;
}

const pathMax = 1000;
const foundMax = 100_000;

/** The value; a list of values where a path may lead to several; undefined where it leads nowhere or is none. */
export function jsonAt(document: unknown, path: string): unknown {
  const moves = path.length > pathMax ? undefined : movesOf(path.trim());
  if (moves === undefined) return undefined;
  let found: unknown[] = [document];
  for (const { deep, step } of moves) {
    const from = deep ? found.flatMap(withDescendants) : found;
    found = from.flatMap((each) => stepped(each, step)).slice(0, foundMax);
  }
  return moves.every(isSingle) ? found[0] : found;
}

function isSingle({ deep, step }: Move): boolean {
  if (deep) return false;
  return (step.kind === 'names' && step.names.length === 1) || (step.kind === 'places' && step.places.length === 1);
}

const token =
  /(?<deep>\.\.)?(?:\.?(?<name>[\w$@-]+|\*)|\[\s*(?<quoted>'(?:[^'\\]|\\.)*'(?:\s*,\s*'(?:[^'\\]|\\.)*')*|"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*)\s*\]|\[\s*(?<star>\*)\s*\]|\[\s*(?<places>-?\d+(?:\s*,\s*-?\d+)*)\s*\]|\[\s*(?<from>-?\d*)\s*:\s*(?<to>-?\d*)\s*\]|\[\?\(\s*@(?<filter>(?:\.[\w-]+)+)\s*(?:(?<operator>==|!=|<=|>=|<|>)\s*(?<wanted>'[^']*'|"[^"]*"|-?[\d.]+|true|false|null))?\s*\)\])/y;

function movesOf(path: string): Move[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const moves: Move[] = [];
  token.lastIndex = 1;
  while (token.lastIndex < path.length) {
    const groups = token.exec(path)?.groups;
    if (groups === undefined) return undefined;
    moves.push({ deep: groups.deep !== undefined, step: stepOf(groups) });
  }
  return moves;
}

function stepOf({
  name,
  quoted,
  places,
  filter,
  operator,
  wanted,
  from,
  to,
}: Readonly<Record<string, string | undefined>>): Step {
  if (name !== undefined && name !== '*') return { kind: 'names', names: [name] };
  if (quoted !== undefined) {
    const texts = quoted.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
    return { kind: 'names', names: texts.map((each) => each.slice(1, -1).replace(/\\(.)/g, '$1')) };
  }
  if (places !== undefined) return { kind: 'places', places: places.split(',').map(Number) };
  if (filter !== undefined)
    return { kind: 'filter', path: filter.slice(1).split('.'), operator, wanted: literal(wanted) };
  const end = (text: string | undefined) => (text === undefined || text === '' ? undefined : Number(text));
  return from === undefined ? { kind: 'all' } : { kind: 'slice', from: end(from), to: end(to) };
}

function literal(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return /^['"]/.test(text) ? text.slice(1, -1) : JSON.parse(text.replace(/^(-?)\./, '$10.').replace(/\.$/, ''));
}

function stepped(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'names':
      return step.names.flatMap((name) => (isFields(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    case 'places':
      return Array.isArray(value) ? step.places.flatMap((at) => placed(value, at)) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      return childrenOf(value);
    case 'filter':
      return childrenOf(value).filter((each) => fits(each, step));
  }
}

function placed(list: readonly unknown[], at: number): unknown[] {
  const place = at < 0 ? list.length + at : at;
  return place in list ? [list[place]] : [];
}

function fits(value: unknown, { path, operator, wanted }: Extract<Step, { kind: 'filter' }>): boolean {
  let found: unknown = value;
  for (const name of path) found = isFields(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  if (operator === undefined) return found !== undefined;
  if (operator === '==') return found === wanted;
  if (operator === '!=') return found !== wanted;
  if (typeof found === 'number' && typeof wanted === 'number') return isOrdered(operator, found, wanted);
  return typeof found === 'string' && typeof wanted === 'string' && isOrdered(operator, found, wanted);
}

function isOrdered<T extends number | string>(operator: string, a: T, b: T): boolean {
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

function withDescendants(value: unknown): unknown[] {
  const all = [value];
  for (const each of all) if (all.length < foundMax) all.push(...childrenOf(each));
  return all;
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) ? Object.values(value) : [];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
