/** An OpenAPI document, as far as HTTP APIs read it: whatever somebody wrote, looked at with care. */
import { parse as parseYaml } from 'yaml';
import { badRequest } from '../parts.ts';

export type Fields = Readonly<Record<string, unknown>>;

const bytesMax = 6 * 1024 * 1024;

export function parseDocument(body: string | undefined): Fields {
  const text = body ?? '';
  if (Buffer.byteLength(text) > bytesMax) throw badRequest('The API definition is larger than 6 MB');
  let value: unknown;
  try {
    // Aliases that unfold without end are refused by the parser.
    value = text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 100 });
  } catch {
    throw badRequest('Unable to parse the API definition: it is neither JSON nor YAML');
  }
  const document = fields(value);
  if (!/^3\.\d/.test(String(document.openapi))) {
    throw badRequest('Invalid OpenAPI input: only definitions of OpenAPI 3 are supported for HTTP APIs');
  }
  return document;
}

/** What is no object has no members. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}; // checked
}

export function own(value: unknown, name: string): unknown {
  const object = fields(value);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function bool(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Texts by name; a value that is none is written as one. */
export function textMap(value: unknown): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  return Object.fromEntries(Object.entries(fields(value)).map(([name, each]) => [name, String(each)]));
}

/** `#/components/…`, one step; a reference to what is not there is the author's mistake. */
export function resolved(document: Fields, value: unknown): Fields {
  const reference = text(own(value, '$ref'));
  if (reference === undefined) return fields(value);
  const path = reference.replace(/^#\//, '').split('/');
  const found = path.reduce<unknown>((at, step) => own(at, step.replaceAll('~1', '/').replaceAll('~0', '~')), document);
  if (!reference.startsWith('#/') || found === undefined) throw badRequest(`Unable to resolve ${reference}`);
  return fields(found);
}
