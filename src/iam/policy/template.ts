/**
 * The texts of a policy, made ready for matching: `*` stands for any characters, `?` for one, `${aws:username}` for what
 * the request says. What a request says is never read as a wildcard: a user named `*` is not everybody.
 */

/** What a request is known by: condition keys in lower case. Keys of sets have a list. */
export type ConditionContext = ReadonlyMap<string, string | readonly string[]>;

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

export type Template = readonly Part[];

export interface Reading {
  readonly wildcards: boolean;
  /** Only documents of version 2012-10-17 have them; in others they are plain text. */
  readonly variables: boolean;
}

/** A template for one request: code units, and the two numbers below that are none. */
export type Glob = readonly number[];
const one = -1;
const many = -2;

// `${key}` or `${key, 'fallback'}`; and `${*}`, `${?}`, `${$}`, which are the plain characters.
const variable = /^\$\{(?:(?<plain>[*?$])|(?<key>[A-Za-z0-9:/._@-]+)(?:\s*,\s*'(?<fallback>[^']*)')?)\}/;

export function template(source: string, { wildcards, variables }: Reading): Template {
  const parts: Part[] = [];
  for (let at = 0; at < source.length; ) {
    const found = variables && source.startsWith('${', at) ? variable.exec(source.slice(at)) : null;
    const letter = source.charAt(at);
    if (found !== null) parts.push(variablePart(found));
    else if (wildcards && letter === '*') parts.push({ kind: 'many' });
    else if (wildcards && letter === '?') parts.push({ kind: 'one' });
    else parts.push({ kind: 'text', text: letter });
    at += found === null ? 1 : found[0].length;
  }
  return parts;
}

function variablePart({ groups = {} }: RegExpExecArray): Part {
  const { plain, key = '', fallback } = groups;
  if (plain !== undefined) return { kind: 'text', text: plain };
  return { kind: 'variable', key: key.toLowerCase(), fallback };
}

/** The pieces between the first `count - 1` separators; one inside of a variable's name separates nothing. */
export function splitTemplate(parts: Template, separator: string, count: number): Template[] {
  const pieces: Part[][] = [[]];
  for (const part of parts) {
    const separates = part.kind === 'text' && part.text === separator && pieces.length < count;
    if (separates) pieces.push([]);
    else pieces.at(-1)?.push(part);
  }
  return pieces;
}

/** Matches texts in the light of a request. Without variables the work is done once, here. */
export function matcher(parts: Template): (text: string, context: ConditionContext) => boolean {
  if (parts.some(({ kind }) => kind === 'variable')) {
    return (text, context) => {
      const glob = resolved(parts, context);
      return glob !== undefined && matches(glob, text);
    };
  }
  if (parts.every(({ kind }) => kind === 'text')) {
    const exact = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    return (text) => text === exact;
  }
  const glob = resolved(parts, new Map()) ?? [];
  return (text) => matches(glob, text);
}

/** Nothing when the request does not say what a variable stands for: then the text matches nothing. */
function resolved(parts: Template, context: ConditionContext): Glob | undefined {
  const glob: number[] = [];
  for (const part of parts) {
    if (part.kind === 'many') glob.push(many);
    else if (part.kind === 'one') glob.push(one);
    else {
      const text = part.kind === 'text' ? part.text : (singleValue(context.get(part.key)) ?? part.fallback);
      if (text === undefined) return undefined;
      for (let at = 0; at < text.length; at += 1) glob.push(text.charCodeAt(at));
    }
  }
  return glob;
}

/** A set stands for nothing in a text. */
function singleValue(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Goes back to the last `*` only, so a hostile pattern costs its length times the text's and no more. */
export function matches(glob: Glob, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = glob[inGlob];
    if (wanted === one || wanted === text.charCodeAt(at)) {
      at += 1;
      inGlob += 1;
    } else if (wanted === many) {
      star = inGlob;
      starAt = at;
      inGlob += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      inGlob = star + 1;
    } else return false;
  }
  while (glob[inGlob] === many) inGlob += 1;
  return inGlob === glob.length;
}
