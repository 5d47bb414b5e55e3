/** `$input` and `$util`. */
import { jsonAt } from '../json-path.ts';
import { fromJson, HostObject, TemplateError, textOf, type Value } from './values.ts';

export interface InputSource {
  readonly body: string;
  /** In the order in which a single name is looked for. */
  readonly params: { readonly path: Params; readonly querystring: Params; readonly header: Params };
}

/** Characters, over all times that a template asks. */
const readMax = 100 * 1024 * 1024;

type Params = Readonly<Record<string, string>>;

export function inputObject({ body, params }: InputSource): HostObject {
  let document: { readonly json: unknown } | undefined;
  let read = 0;
  const json = () => {
    read += body.length;
    if (read > readMax) throw new TemplateError('The template reads its body too often');
    document ??= { json: jsonOf(body) };
    return document.json;
  };
  return new HostObject(
    {
      path: (path) => fromJson(jsonAt(json(), textOf(path))) ?? '',
      json: (path) => JSON.stringify(jsonAt(json(), textOf(path)) ?? ''),
      params: (name) => (name === undefined ? allParams(params) : paramOf(params, textOf(name))),
    },
    { body },
  );
}

/** An empty body is an empty object; what is no JSON is a text. */
function jsonOf(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function allParams(params: InputSource['params']): Value {
  return new Map(
    Object.entries(params).map(([place, values]) => [place, new Map<string, Value>(Object.entries(values))]),
  );
}

function paramOf({ path, querystring, header }: InputSource['params'], name: string): string {
  for (const values of [path, querystring]) if (Object.hasOwn(values, name)) return values[name] ?? '';
  const found = Object.entries(header).find(([each]) => each.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? '';
}

export const utilObject = new HostObject({
  escapeJavaScript: (text) => escapeJavaScript(textOf(text)),
  parseJson: (text) => fromJson(parsed(textOf(text))),
  urlEncode: (text) =>
    encodeURIComponent(textOf(text))
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, hexOf),
  urlDecode: (text) => urlDecoded(textOf(text)),
  base64Encode: (text) => Buffer.from(textOf(text)).toString('base64'),
  base64Decode: (text) => Buffer.from(textOf(text), 'base64').toString(),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TemplateError('$util.parseJson was given what is no JSON');
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeJavaScript(text: string): string {
  // What is not in ASCII is written by its number, as the library behind AWS's does.
  return text.replace(/["'/\\]|[^\x20-\x7e]/g, (each) => escapes[each] ?? unicode(each));
}

function unicode(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function hexOf(text: string): string {
  return `%${text.charCodeAt(0).toString(16).toUpperCase()}`;
}

function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new TemplateError('$util.urlDecode was given what is not encoded so');
  }
}
