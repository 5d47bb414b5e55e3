/** Just enough XML for AWS: elements, attributes, text, CDATA. No document types, so no entities of a stranger's making. */
import { serializationError } from './serialization.ts';

export interface XmlNode {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  text: string;
}

const depthMax = 128;

export function parseXml(source: string): XmlNode {
  const root: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlNode[] = [root];
  let at = 0;
  while (at < source.length) {
    const parent = open.at(-1) ?? root;
    const tag = source.indexOf('<', at);
    parent.text += unescaped(source.slice(at, tag === -1 ? source.length : tag));
    if (tag === -1) break;
    at = parseMarkup(source, tag, open);
    if (open.length > depthMax) throw malformed();
  }
  const [only] = root.children;
  if (open.length !== 1 || only === undefined || root.children.length > 1 || root.text.trim() !== '') throw malformed();
  return only;
}

/** Reads what starts with `<` at `tag`; answers where it ended. */
function parseMarkup(source: string, tag: number, open: XmlNode[]): number {
  const parent = open.at(-1);
  if (parent === undefined) throw malformed();
  if (source.startsWith('<!--', tag)) return after(source, '-->', tag + 4);
  if (source.startsWith('<?', tag)) return after(source, '?>', tag + 2);
  if (source.startsWith('<![CDATA[', tag)) {
    const end = after(source, ']]>', tag + 9);
    parent.text += source.slice(tag + 9, end - 3);
    return end;
  }
  if (source.startsWith('<!', tag)) throw malformed();
  const end = endOfTag(source, tag);
  if (source[tag + 1] === '/') {
    if (open.length < 2 || localName(source.slice(tag + 2, end - 1).trim()) !== parent.name) throw malformed();
    open.pop();
    return end;
  }
  const closed = source[end - 2] === '/';
  const node = element(source.slice(tag + 1, closed ? end - 2 : end - 1));
  parent.children.push(node);
  if (!closed) open.push(node);
  return end;
}

/** After the `>` that closes the tag; one inside quotes does not. */
function endOfTag(source: string, tag: number): number {
  let quote = '';
  for (let at = tag + 1; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at + 1;
  }
  throw malformed();
}

function element(inside: string): XmlNode {
  const name = /^[^\s/>=]+/.exec(inside)?.[0];
  if (name === undefined) throw malformed();
  const attributes: Record<string, string> = {};
  for (const [, key = '', double, single] of inside
    .slice(name.length)
    .matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (key !== '__proto__') attributes[key] = unescaped(double ?? single ?? '');
  }
  return { name: localName(name), attributes, children: [], text: '' };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function after(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  if (at === -1) throw malformed();
  return at + end.length;
}

function malformed() {
  return serializationError(
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;\s]{1,12});/g, (_, name: string) => {
    const known = Object.hasOwn(entities, name) ? entities[name] : undefined;
    if (known !== undefined) return known;
    const code = /^#x[0-9a-f]+$/i.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : /^#[0-9]+$/.test(name)
        ? Number(name.slice(1))
        : -1;
    if (code < 0 || code > 0x10ffff) throw malformed();
    return String.fromCodePoint(code);
  });
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would turn these into spaces or newlines.
  '\r': '&#xD;',
  '\n': '&#xA;',
};

export function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold the others at all
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd').replace(/[&<>\r]/g, (char) => escapes[char] ?? char);
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/["\n]/g, (char) => escapes[char] ?? char);
}
