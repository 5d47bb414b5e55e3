/** What a function's result means as an HTTP response; undefined for what means none (reference: lambda-semantics 6.6, 6.7, 6.11). */
import { type HttpAnswer, isHeader } from './answer.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Format 2.0: what has no status code is the body of a 200 itself. */
export function answerV2(payload: Buffer): HttpAnswer | undefined {
  const value = parsed(payload);
  if (value === undefined) return undefined;
  if (!isFields(value) || !('statusCode' in value)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: [jsonType], body: Buffer.from(text) };
  }
  const cookies = value.cookies ?? [];
  if (!Array.isArray(cookies)) return undefined;
  const headers = singles(value.headers);
  return headers && built(value, [...headers, ...cookies.map((each) => ['set-cookie', String(each)] as const)]);
}

const restMembers = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];
const known = new Set([...restMembers, 'cookies']);
const knownOfRest = new Set(restMembers);

/** Format 1.0: an object of the known members, of which one at least must be there. */
export function answerV1(payload: Buffer): HttpAnswer | undefined {
  return proxyAnswer(payload, known, true);
}

/** As REST APIs read it: base64 stays text for a client that wants no bytes. */
export function answerRest(payload: Buffer, decodes: boolean): HttpAnswer | undefined {
  return proxyAnswer(payload, knownOfRest, decodes);
}

function proxyAnswer(payload: Buffer, members: ReadonlySet<string>, decodes: boolean): HttpAnswer | undefined {
  const value = parsed(payload);
  if (!isFields(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.some((key) => !members.has(key))) return undefined;
  if (typeof value.body === 'object' && value.body !== null) return undefined;
  const many = multiples(value.multiValueHeaders);
  const one = singles(value.headers);
  const base64 = value.isBase64Encoded === true && decodes;
  return many && one && built({ statusCode: 200, ...value, isBase64Encoded: base64 }, [...many, ...one]);
}

const jsonType = ['content-type', 'application/json'] as const;

function built(value: Fields, said: HttpAnswer['headers']): HttpAnswer | undefined {
  const status = statusOf(value.statusCode);
  const body = bodyOf(value.body, value.isBase64Encoded === true);
  if (status === undefined || said.some(([name, text]) => !isHeader(name, text))) return undefined;
  const typed = said.some(([name]) => name.toLowerCase() === 'content-type');
  return { status, headers: typed ? said : [jsonType, ...said], body };
}

function statusOf(said: unknown): number | undefined {
  const text = typeof said === 'number' || typeof said === 'string' ? String(said) : '';
  // What is below 200 is no end of a request.
  return /^[2-5]\d\d$/.test(text) ? Number(text) : undefined;
}

function bodyOf(said: unknown, base64: boolean): Buffer {
  if (said === undefined || said === null) return Buffer.alloc(0);
  if (typeof said === 'string') return Buffer.from(said, base64 ? 'base64' : 'utf8');
  return Buffer.from(JSON.stringify(said));
}

/** Values may be numbers and truths; nulls say nothing. */
function singles(said: unknown): [string, string][] | undefined {
  if (said === undefined || said === null) return [];
  if (!isFields(said)) return undefined;
  const pairs = Object.entries(said).filter(([, value]) => value !== null);
  if (pairs.some(([, value]) => typeof value === 'object')) return undefined;
  return pairs.map(([name, value]) => [name, String(value)]);
}

function multiples(said: unknown): [string, string][] | undefined {
  if (said === undefined || said === null) return [];
  if (!isFields(said)) return undefined;
  const lists = Object.entries(said);
  if (!lists.every(([, values]) => Array.isArray(values))) return undefined;
  return lists.flatMap(([name, values]) =>
    (Array.isArray(values) ? values : []).map((each): [string, string] => [name, String(each)]),
  );
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
