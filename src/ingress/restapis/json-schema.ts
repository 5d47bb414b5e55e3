/** JSON schemas of draft 4, as far as models use them. What is wrong is said in a sentence, for `$context.error`. */
import { isDeepStrictEqual } from 'node:util';
import { matches } from '../http/bounded-regexp.ts';

export type Schema = Readonly<Record<string, unknown>>;

const stepsMax = 100_000;
const depthMax = 100;

/** What is wrong with a value; undefined when nothing is. `refer` finds what a `$ref` names. */
export function schemaProblem(
  schema: unknown,
  value: unknown,
  refer: (reference: string) => unknown,
): string | undefined {
  return new Validation(refer).problem(schema, value, 0);
}

class Validation {
  readonly #refer: (reference: string) => unknown;
  #steps = 0;

  constructor(refer: (reference: string) => unknown) {
    this.#refer = refer;
  }

  problem(said: unknown, value: unknown, depth: number): string | undefined {
    this.#steps += 1;
    if (this.#steps > stepsMax || depth > depthMax) return 'the schema cannot be checked in time';
    const schema = fieldsOf(said);
    if (schema === undefined) return undefined;
    if (typeof schema.$ref === 'string') {
      const target = this.#refer(schema.$ref);
      return target === undefined ? `the schema refers to ${schema.$ref}` : this.problem(target, value, depth + 1);
    }
    return (
      plainProblem(schema, value) ??
      this.#ofObject(schema, value, depth) ??
      this.#ofList(schema, value, depth) ??
      this.#combined(schema, value, depth)
    );
  }

  #ofObject(schema: Schema, value: unknown, depth: number): string | undefined {
    const fields = fieldsOf(value);
    if (fields === undefined) return undefined;
    for (const name of listOf(schema.required)) {
      if (!Object.hasOwn(fields, String(name))) return `object has missing required properties (["${name}"])`;
    }
    const properties = fieldsOf(schema.properties) ?? {};
    const patterns = Object.entries(fieldsOf(schema.patternProperties) ?? {});
    for (const [name, each] of Object.entries(fields)) {
      const schemas = [
        ...(Object.hasOwn(properties, name) ? [properties[name]] : []),
        ...patterns.filter(([pattern]) => matches(pattern, name)).map(([, of]) => of),
      ];
      if (schemas.length === 0 && schema.additionalProperties === false)
        return `object instance has properties which are not allowed by the schema: ["${name}"]`;
      const all = schemas.length === 0 ? [schema.additionalProperties] : schemas;
      for (const of of all) {
        const problem = this.problem(of, each, depth + 1);
        if (problem !== undefined) return problem;
      }
    }
    return this.#dependencies(schema, fields, depth);
  }

  #dependencies(schema: Schema, fields: Schema, depth: number): string | undefined {
    for (const [name, needed] of Object.entries(fieldsOf(schema.dependencies) ?? {})) {
      if (!Object.hasOwn(fields, name)) continue;
      const missing = listOf(needed).find((each) => !Object.hasOwn(fields, String(each)));
      if (missing !== undefined) return `property "${name}" needs "${missing}"`;
      const problem = this.problem(needed, fields, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #ofList(schema: Schema, value: unknown, depth: number): string | undefined {
    if (!Array.isArray(value)) return undefined;
    const { items, additionalItems } = schema;
    if (Array.isArray(items) && additionalItems === false && value.length > items.length)
      return 'array has too many elements';
    for (const [at, each] of value.entries()) {
      const of = Array.isArray(items) ? (at < items.length ? items[at] : additionalItems) : items;
      const problem = this.problem(of, each, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #combined(schema: Schema, value: unknown, depth: number): string | undefined {
    const fitting = (schemas: unknown) =>
      listOf(schemas).filter((each) => this.problem(each, value, depth + 1) === undefined).length;
    for (const each of listOf(schema.allOf)) {
      const problem = this.problem(each, value, depth + 1);
      if (problem !== undefined) return problem;
    }
    if (schema.anyOf !== undefined && fitting(schema.anyOf) === 0)
      return 'instance failed to match at least one required schema';
    if (schema.oneOf !== undefined && fitting(schema.oneOf) !== 1) return 'instance failed to match exactly one schema';
    const excluded = schema.not !== undefined && this.problem(schema.not, value, depth + 1) === undefined;
    return excluded ? 'instance matched a schema which it should not have' : undefined;
  }
}

/** What needs no other schema. */
function plainProblem(schema: Schema, value: unknown): string | undefined {
  const types = [schema.type].flat().filter((each) => each !== undefined);
  if (types.length > 0 && !types.some((each) => isOfType(value, each))) {
    return `instance type (${typeName(value)}) does not match any allowed primitive type (allowed: ${JSON.stringify(types)})`;
  }
  if (schema.enum !== undefined && !listOf(schema.enum).some((each) => isDeepStrictEqual(each, value)))
    return 'instance value not found in enum';
  if (typeof value === 'number') return numberProblem(schema, value);
  if (typeof value === 'string') return textProblem(schema, value);
  if (Array.isArray(value)) return listProblem(schema, value);
  const fields = fieldsOf(value);
  return fields && countProblem(Object.keys(fields).length, schema.minProperties, schema.maxProperties, 'properties');
}

function numberProblem(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema,
  value: number,
): string | undefined {
  if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum))
    return 'numeric instance is lower than the required minimum';
  if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum))
    return 'numeric instance is greater than the required maximum';
  const uneven = typeof multipleOf === 'number' && !Number.isInteger(Number((value / multipleOf).toFixed(9)));
  return uneven ? 'remainder of division is not zero' : undefined;
}

function textProblem({ minLength, maxLength, pattern }: Schema, value: string): string | undefined {
  const length = [...value].length;
  if (typeof pattern === 'string' && !matches(pattern, value)) return 'regex does not match input string';
  return countProblem(length, minLength, maxLength, 'characters');
}

function listProblem({ minItems, maxItems, uniqueItems }: Schema, value: readonly unknown[]): string | undefined {
  if (uniqueItems === true && new Set(value.map((each) => JSON.stringify(each))).size < value.length)
    return 'array must not contain duplicate elements';
  return countProblem(value.length, minItems, maxItems, 'elements');
}

function countProblem(count: number, min: unknown, max: unknown, what: string): string | undefined {
  if (typeof min === 'number' && count < min) return `instance has too few ${what}`;
  return typeof max === 'number' && count > max ? `instance has too many ${what}` : undefined;
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'number') return typeof value === 'number';
  return typeName(value) === type;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function fieldsOf(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined; // any object has fields
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
