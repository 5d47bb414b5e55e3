/** The methods that Java's texts, lists, maps and numbers have, as far as templates use them. */
import { firstMatch, matchesWhole } from '../../http/bounded-regexp.ts';
import { bounded, HostObject, isSame, TemplateError, textOf, type Value } from './values.ts';

type Method<T> = (self: T, args: readonly Value[]) => Value;
type Methods<T> = ReadonlyMap<string, Method<T>>;

const text = (args: readonly Value[], at = 0) => textOf(args[at]);
const number = (args: readonly Value[], at = 0) => Number(args[at]);
function table<T>(methods: Readonly<Record<string, Method<T>>>): Methods<T> {
  return new Map(Object.entries(methods));
}

const ofText = table<string>({
  length: (self) => self.length,
  isEmpty: (self) => self === '',
  trim: (self) => self.trim(),
  strip: (self) => self.trim(),
  toLowerCase: (self) => self.toLowerCase(),
  toUpperCase: (self) => self.toUpperCase(),
  toString: (self: string) => self,
  charAt: (self, args) => self.charAt(number(args)),
  concat: (self, args) => bounded(self + text(args)),
  contains: (self, args) => self.includes(text(args)),
  startsWith: (self, args) => self.startsWith(text(args)),
  endsWith: (self, args) => self.endsWith(text(args)),
  equals: (self, args) => isSame(self, args[0]),
  equalsIgnoreCase: (self, args) => self.toLowerCase() === text(args).toLowerCase(),
  indexOf: (self, args) => self.indexOf(text(args)),
  lastIndexOf: (self, args) => self.lastIndexOf(text(args)),
  substring: (self, args) => self.slice(number(args), args.length > 1 ? number(args, 1) : undefined),
  replace: (self, args) => replacedText(self, text(args), text(args, 1)),
  replaceAll: (self, args) =>
    replacedPattern(self, { pattern: text(args), by: text(args, 1), most: Number.POSITIVE_INFINITY }),
  replaceFirst: (self, args) => replacedPattern(self, { pattern: text(args), by: text(args, 1), most: 1 }),
  matches: (self, args) => matchesWhole(text(args), self),
  split: (self, args) => splitText(self, text(args)),
});

/** Java's numbers write themselves; the rest is arithmetic of the language. */
const ofNumber = table<number>({
  toString: (self: number) => String(self),
  intValue: (self) => Math.trunc(self),
  longValue: (self) => Math.trunc(self),
  doubleValue: (self) => self,
  equals: (self, args) => isSame(self, args[0]),
  compareTo: (self, args) => Math.sign(self - number(args)),
});

const ofBoolean = table<boolean>({
  toString: (self: boolean) => String(self),
  equals: (self, args) => isSame(self, args[0]),
});

const listMax = 100_000;

const ofList = table<Value[]>({
  size: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  get: (self, args) => self[number(args)],
  contains: (self, args) => self.some((each) => isSame(each, args[0])),
  indexOf: (self, args) => self.findIndex((each) => isSame(each, args[0])),
  add(self, args) {
    if (self.length >= listMax) throw new TemplateError('The template makes a list that is too long');
    if (args.length > 1) self.splice(number(args), 0, args[1]);
    else self.push(args[0]);
    return true;
  },
  addAll(self, [more]) {
    const all = Array.isArray(more) ? more : [];
    if (self.length + all.length > listMax) throw new TemplateError('The template makes a list that is too long');
    self.push(...all);
    return all.length > 0;
  },
  remove: (self, args) => self.splice(number(args), 1)[0],
  set: (self, args) => {
    const at = number(args);
    if (!(at >= 0 && at < self.length)) throw new TemplateError('The template sets what a list does not have');
    return self.splice(at, 1, args[1])[0];
  },
  toString: (self: Value[]) => textOf(self),
});

const ofMap = table<Map<string, Value>>({
  size: (self) => self.size,
  length: (self) => self.size,
  isEmpty: (self) => self.size === 0,
  get: (self, args) => self.get(text(args)),
  getOrDefault: (self, args) => self.get(text(args)) ?? args[1],
  containsKey: (self, args) => self.has(text(args)),
  containsValue: (self, args) => [...self.values()].some((each) => isSame(each, args[0])),
  keySet: (self) => [...self.keys()],
  values: (self) => [...self.values()],
  entrySet: (self) => [...self].map(entry),
  put(self, args) {
    const before = self.get(text(args));
    self.set(text(args), args[1]);
    return before;
  },
  putAll(self, [more]) {
    if (more instanceof Map) for (const [name, value] of more) self.set(name, value);
    return null;
  },
  remove(self, args) {
    const before = self.get(text(args));
    self.delete(text(args));
    return before;
  },
  toString: (self: Map<string, Value>) => textOf(self),
});

function entry([name, value]: [string, Value]): Value {
  return new HostObject({ getKey: () => name, getValue: () => value }, { key: name, value });
}

/** Nothing for a method that there is not. */
export function called(self: Value, name: string, args: readonly Value[]): Value {
  if (self instanceof HostObject) return self.call(name, args);
  if (typeof self === 'string') return ofText.get(name)?.(self, args);
  if (typeof self === 'number') return ofNumber.get(name)?.(self, args);
  if (typeof self === 'boolean') return ofBoolean.get(name)?.(self, args);
  if (Array.isArray(self)) return ofList.get(name)?.(self, args);
  return self instanceof Map ? ofMap.get(name)?.(self, args) : undefined;
}

/** `$map.name`, `$list[0]`; undefined for what there is not. */
export function member(self: Value, name: Value): Value {
  if (self instanceof HostObject) return self.get(textOf(name));
  if (self instanceof Map) return self.get(textOf(name)) ?? (name === 'empty' ? self.size === 0 : undefined);
  if (!Array.isArray(self)) return undefined;
  const at = Number(name);
  return self[at < 0 ? self.length + at : at];
}

function replacedText(self: string, wanted: string, by: string): string {
  const times = wanted === '' ? self.length + 1 : self.split(wanted).length - 1;
  if (self.length + times * by.length > 10 * 1024 * 1024)
    throw new TemplateError('The template makes a text that is too long');
  return bounded(self.replaceAll(wanted, () => by));
}

interface Replacement {
  readonly pattern: string;
  readonly by: string;
  readonly most: number;
}

/** `$1` in what comes instead is a group, as in Java. */
function replacedPattern(self: string, { pattern, by, most }: Replacement): string {
  const pieces: string[] = [];
  let from = 0;
  let length = 0;
  for (let times = 0; times < most; times += 1) {
    const match = firstMatch(pattern, self, from);
    if (match === undefined) break;
    const piece =
      self.slice(from, match.index) + by.replace(/\$(\d)/g, (_, group) => match.groups[Number(group)] ?? '');
    pieces.push(piece);
    length += piece.length;
    if (length > 10 * 1024 * 1024) throw new TemplateError('The template makes a text that is too long');
    const end = match.index + (match.groups[0]?.length ?? 0);
    // Of an empty match, or it would be found again and again.
    if (end === match.index) pieces.push(self.slice(end, end + 1));
    from = Math.max(end, match.index + 1);
    if (from > self.length) break;
  }
  return bounded(pieces.join('') + self.slice(from));
}

/** What is empty at the end is left out, as in Java. */
function splitText(self: string, pattern: string): Value[] {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const match = firstMatch(pattern, self, from);
    const width = match?.groups[0]?.length ?? 0;
    if (match === undefined || width === 0 || parts.length >= listMax) break;
    parts.push(self.slice(from, match.index));
    from = match.index + width;
  }
  parts.push(self.slice(from));
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
