/**
 * The query protocol's input: `Tags.member.1.Key=a&Tags.member.1.Value=b`. The keys are first split into a tree, then
 * read by the model, so that cost follows what was sent and not what the model could hold.
 */
import type { MemberModel, ServiceModel } from '../model.ts';
import { fromBase64 } from './base64.ts';
import { booleanFromText, numberFromText } from './number.ts';
import { setOwn } from './record.ts';
import { serializationError } from './serialization.ts';
import { readTimestamp } from './timestamp.ts';
import { itemOf } from './tree.ts';
import { parseQuery } from './uri.ts';

interface Node {
  value?: string;
  children?: Map<string, Node>;
}

const depthMax = 64;

export function readForm(model: ServiceModel, structure: string, form: string): Record<string, unknown> {
  return readStructure(model, structure, formTree(form));
}

function formTree(form: string): Node {
  const root: Node = {};
  for (const [name, value] of parseQuery(form)) {
    const path = name.split('.');
    if (path.length > depthMax) throw serializationError('A parameter is nested too deeply');
    let node = root;
    for (const step of path) {
      node.children ??= new Map();
      let next = node.children.get(step);
      if (next === undefined) {
        next = {};
        node.children.set(step, next);
      }
      node = next;
    }
    node.value = value;
  }
  return root;
}

function readStructure(model: ServiceModel, name: string, node: Node): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const members = model.structures[name]?.members ?? {};
  for (const [member, type] of Object.entries(members)) {
    const child = node.children?.get(wireName(member, type));
    if (child !== undefined) out[member] = readValue(model, type, child);
  }
  return out;
}

/** A flattened list is named for its members; any other keeps its own name. */
function wireName(member: string, type: MemberModel): string {
  if (type.type === 'list' && type.flat) return type.xmlName ?? itemOf(type).xmlName ?? member;
  return type.xmlName ?? member;
}

function readValue(model: ServiceModel, type: MemberModel, node: Node): unknown {
  switch (type.type) {
    case 'structure':
      return readStructure(model, type.of ?? '', node);
    case 'list':
      return readList(model, type, node);
    case 'map':
      return readMap(model, type, node);
    default:
      return readText(type, node.value ?? '');
  }
}

export function readText(type: MemberModel, text: string): unknown {
  switch (type.type) {
    case 'string':
    case 'document':
      return text;
    case 'boolean':
      return booleanFromText(text);
    case 'blob':
      return fromBase64(text);
    case 'timestamp':
      return readTimestamp(text);
    default:
      return numberFromText(text, type.type);
  }
}

function readList(model: ServiceModel, type: MemberModel, node: Node): unknown[] {
  const item = itemOf(type);
  const holder = type.flat ? node : (node.children?.get(item.xmlName ?? 'member') ?? node);
  return numbered(holder).map((child) => readValue(model, item, child));
}

function readMap(model: ServiceModel, type: MemberModel, node: Node): Record<string, unknown> {
  const [key, item] = [type.key?.xmlName ?? 'key', itemOf(type)];
  const out: Record<string, unknown> = {};
  for (const entry of numbered(type.flat ? node : (node.children?.get('entry') ?? node))) {
    const value = entry.children?.get(item.xmlName ?? 'value');
    if (value !== undefined) setOwn(out, entry.children?.get(key)?.value ?? '', readValue(model, item, value));
  }
  return out;
}

/** Members count from 1 and may leave gaps. */
function numbered({ children }: Node): Node[] {
  if (children === undefined) return [];
  const entries = [...children].filter(([name]) => /^[0-9]{1,9}$/.test(name));
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
