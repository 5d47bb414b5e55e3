/** An OpenAPI document as it came: text in JSON or YAML, of version 2 or 3, anybody's. */
import { parse as parseYaml } from 'yaml';
import { badRequest } from '../parts.ts';

export type Fields = Readonly<Record<string, unknown>>;

const bytesMax = 6 * 1024 * 1024;

export function readOpenApi(body: Uint8Array | undefined): Fields {
  const text = Buffer.from(body ?? []);
  if (text.length > bytesMax) throw badRequest(`The document is larger than ${bytesMax / 1024 / 1024} MB`);
  const document = fieldsOf(parsed(text.toString()));
  if (!/^2\./.test(String(document.swagger)) && !/^3\./.test(String(document.openapi))) {
    throw invalid('Invalid OpenAPI input: it is neither Swagger 2 nor OpenAPI 3');
  }
  if (isDeep(document, nestedMax)) throw invalid(`it is nested more than ${nestedMax} levels deep`);
  return document;
}

const nestedMax = 100;

function isDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((each) => isDeep(each, left - 1));
}

function parsed(text: string): unknown {
  try {
    // What is JSON needs no second look; aliases that unfold without end are refused by the parser.
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw invalid(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

export function invalid(why: string) {
  return badRequest(`Unable to parse API definition because of a malformed integration or document: ${why}`);
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}; // any object has fields
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Values that are texts, or are shown as such. */
export function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, each]) => [name, textOf(each) ?? JSON.stringify(each)]),
  );
}

const depthMax = 10;

/** What a reference within the document means; what is none is itself. */
export function resolved(document: Fields, value: unknown, depth = 0): Fields {
  const fields = fieldsOf(value);
  const { $ref } = fields;
  if (typeof $ref !== 'string') return fields;
  if (!$ref.startsWith('#/') || depth > depthMax) throw invalid(`Cannot follow the reference ${$ref}`);
  const parts = $ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: unknown = document;
  for (const part of parts) found = Object.hasOwn(fieldsOf(found), part) ? fieldsOf(found)[part] : undefined;
  if (found === undefined) throw invalid(`Cannot follow the reference ${$ref}`);
  return resolved(document, found, depth + 1);
}
