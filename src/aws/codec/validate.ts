/**
 * The model's constraints, in AWS's words. Violations are gathered, not thrown one by one. Nothing is compiled for what
 * is not constrained, so an operation without constraints costs nothing here.
 */
import { AwsError } from '../errors.ts';
import type { MemberModel, ServiceModel, TypeModel } from '../model.ts';
import { pattern } from './pattern.ts';
import { printed } from './printed.ts';
import { itemOf } from './tree.ts';

type Check = (value: unknown, path: string, violations: string[]) => void;
/** Answers the violated phrases of one value. */
type Rule = (value: unknown) => string[];

export class Validator {
  readonly #model: ServiceModel;
  readonly #structures = new Map<string, Check | undefined>();

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  /** Throws one error with every violation, or nothing happens. */
  operation(input: string, code: string): (value: unknown) => void {
    const check = this.#structure(input);
    if (check === undefined) return () => {};
    return (value) => {
      const violations: string[] = [];
      check(value, '', violations);
      if (violations.length > 0) throw validationError(code, violations);
    };
  }

  #structure(name: string): Check | undefined {
    if (this.#structures.has(name)) return this.#structures.get(name);
    // A structure that contains itself finds this entry while it is being compiled.
    let compiled: Check | undefined;
    this.#structures.set(name, (value, path, violations) => compiled?.(value, path, violations));
    const checks: MemberCheck[] = [];
    for (const [member, model] of Object.entries(this.#model.structures[name]?.members ?? {})) {
      const check = this.#value(model);
      if (check !== undefined || model.required) {
        checks.push({ member, path: lowerCamel(member), required: model.required === 1, check });
      }
    }
    compiled =
      checks.length === 0 ? undefined : (value, path, violations) => checkMembers(checks, value, path, violations);
    this.#structures.set(name, compiled);
    return compiled;
  }

  #value(model: MemberModel): Check | undefined {
    const own = ruleOf(model, this.#model.enums);
    const inner = this.#inside(model);
    if (own === undefined) return inner;
    const mine: Check = (value, path, violations) => {
      for (const phrase of own(value)) violations.push(violation(value, path, phrase));
    };
    if (inner === undefined) return mine;
    return (value, path, violations) => {
      mine(value, path, violations);
      inner(value, path, violations);
    };
  }

  #inside(model: MemberModel): Check | undefined {
    if (model.type === 'structure') return this.#structure(model.of ?? '');
    if (model.type === 'list') return this.#list(itemOf(model));
    if (model.type === 'map') return this.#map(model);
    return undefined;
  }

  /** Simple items are reported once, for the whole list; structures and lists each at their place. */
  #list(item: MemberModel): Check | undefined {
    if (!isNested(item)) {
      const rule = ruleOf(item, this.#model.enums);
      if (rule === undefined) return undefined;
      const phrase = `Member must satisfy constraint: [${phrases(item, this.#model.enums).join(', ')}]`;
      return (value, path, violations) => {
        if (itemsOf(value).some((one) => rule(one).length > 0)) violations.push(violation(value, path, phrase));
      };
    }
    const check = this.#value(item);
    if (check === undefined) return undefined;
    return (value, path, violations) => {
      itemsOf(value).forEach((one, place) => {
        check(one, `${path}.${place + 1}.member`, violations);
      });
    };
  }

  #map(model: MemberModel): Check | undefined {
    const keys = model.key === undefined ? undefined : this.#entries('Map keys', model.key, Object.keys);
    const item = itemOf(model);
    if (!isNested(item)) return both(keys, this.#entries('Map value', item, Object.values));
    const check = this.#value(item);
    if (check === undefined) return keys;
    return both(keys, (value, path, violations) => {
      for (const [key, one] of Object.entries(value as object)) check(one, `${path}.${key}.member`, violations);
    });
  }

  #entries(what: string, model: MemberModel, pick: (value: object) => unknown[]): Check | undefined {
    const rule = ruleOf(model, this.#model.enums);
    if (rule === undefined) return undefined;
    const phrase = `${what} must satisfy constraint: [${phrases(model, this.#model.enums).join(', ')}]`;
    return (value, path, violations) => {
      if (pick(value as object).some((one) => rule(one).length > 0)) violations.push(violation(value, path, phrase));
    };
  }
}

interface MemberCheck {
  readonly member: string;
  readonly path: string;
  readonly required: boolean;
  readonly check: Check | undefined;
}

function checkMembers(checks: readonly MemberCheck[], value: unknown, path: string, violations: string[]): void {
  const held = value as Readonly<Record<string, unknown>>; // the codec made it from the same model
  for (const { member, path: name, required, check } of checks) {
    const given = held[member];
    if (given !== undefined) {
      if (check !== undefined) check(given, path === '' ? name : `${path}.${name}`, violations);
    } else if (required) {
      violations.push(
        `Value null at '${path === '' ? name : `${path}.${name}`}' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
}

function both(a: Check | undefined, b: Check | undefined): Check | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (value, path, violations) => {
    a(value, path, violations);
    b(value, path, violations);
  };
}

function isNested({ type }: TypeModel): boolean {
  return type === 'structure' || type === 'list' || type === 'map';
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function ruleOf(model: TypeModel, enums: ServiceModel['enums']): Rule | undefined {
  const rules = [sizeRule(model), patternRule(model), enumRule(model, enums)].filter((rule) => rule !== undefined);
  const [first, ...others] = rules;
  if (first === undefined) return undefined;
  if (others.length === 0) return first;
  return (value) => rules.flatMap((rule) => rule(value));
}

/** Each constraint's phrase, as AWS lists them for the items of a list. */
function phrases(model: TypeModel, enums: ServiceModel['enums']): string[] {
  const { max, min, type } = model;
  const what = isNumber(type) ? 'value' : 'length';
  return [
    ...(max === undefined ? [] : [`Member must have ${what} less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have ${what} greater than or equal to ${min}`]),
    ...(model.pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${model.pattern}`]),
    ...(model.enum === undefined
      ? []
      : [`Member must satisfy enum value set: [${(enums[model.enum] ?? []).join(', ')}]`]),
  ];
}

function sizeRule({ type, min, max }: TypeModel): Rule | undefined {
  if (min === undefined && max === undefined) return undefined;
  const what = isNumber(type) ? 'value' : 'length';
  const [least, most] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  return (value) => {
    const size = sizeOf(value);
    if (size > most) return [`Member must have ${what} less than or equal to ${most}`];
    if (size < least) return [`Member must have ${what} greater than or equal to ${least}`];
    return none;
  };
}

/** Not tried on a string that is too long anyway: a pattern may take its time. */
function patternRule({ pattern: source, max }: TypeModel): Rule | undefined {
  if (source === undefined) return undefined;
  const matches = pattern(source);
  const phrase = [`Member must satisfy regular expression pattern: ${source}`];
  return (value) =>
    typeof value !== 'string' || value.length > (max ?? value.length) || matches(value) ? none : phrase;
}

function enumRule({ enum: place }: TypeModel, enums: ServiceModel['enums']): Rule | undefined {
  if (place === undefined) return undefined;
  const values = new Set<unknown>(enums[place]);
  const phrase = [`Member must satisfy enum value set: [${[...values].join(', ')}]`];
  return (value) => (values.has(value) ? none : phrase);
}

const none: string[] = [];

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.length;
  return Object.keys(value as object).length;
}

function isNumber(type: TypeModel['type']): boolean {
  return type === 'integer' || type === 'long' || type === 'float' || type === 'double';
}

function lowerCamel(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function violation(value: unknown, path: string, phrase: string): string {
  return `Value '${printed(value)}' at '${path}' failed to satisfy constraint: ${phrase}`;
}

const violationsMax = 50;

function validationError(code: string, violations: readonly string[]): AwsError {
  const count = violations.length;
  const told = violations.slice(0, violationsMax).join('; ');
  const message = `${count} validation error${count === 1 ? '' : 's'} detected: ${told}`;
  return new AwsError({ code, message, status: 400 });
}
