/** What templates work with: texts, numbers, lists, ordered maps, and objects of API Gateway with methods of their own. */
export type Value = string | number | boolean | null | undefined | Value[] | Map<string, Value> | HostObject;

/** Named methods and nothing else: a template reaches no member of a JavaScript object. */
export class HostObject {
  readonly #methods: ReadonlyMap<string, (...args: Value[]) => Value>;
  readonly #properties: ReadonlyMap<string, Value>;

  constructor(
    methods: Readonly<Record<string, (...args: Value[]) => Value>>,
    properties: Readonly<Record<string, Value>> = {},
  ) {
    this.#methods = new Map(Object.entries(methods));
    this.#properties = new Map(Object.entries(properties));
  }

  get(name: string): Value {
    return this.#properties.get(name);
  }

  call(name: string, args: readonly Value[]): Value {
    return this.#methods.get(name)?.(...args);
  }
}

/** What a template may not do, or does for too long. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const textLengthMax = 10 * 1024 * 1024;

export function bounded(text: string): string {
  if (text.length > textLengthMax) throw new TemplateError('The template makes a text that is too long');
  return text;
}

/** Of JSON. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json === 'object' && json !== null) {
    return new Map(Object.entries(json).map(([name, each]) => [name, fromJson(each)]));
  }
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

/** As Java writes it. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return bounded(`[${value.map(shown).join(', ')}]`);
  if (value instanceof Map)
    return bounded(`{${[...value].map(([name, each]) => `${name}=${shown(each)}`).join(', ')}}`);
  return value instanceof HostObject ? '' : String(value);
}

function shown(value: Value): string {
  return value === null || value === undefined ? 'null' : textOf(value);
}

export function isTrue(value: Value): boolean {
  return value !== null && value !== undefined && value !== false;
}

export function isSame(a: Value, b: Value): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  return a === b || textOf(a) === textOf(b);
}
