/** Structures as XML text, for restXml and the answers of the query protocol. */
import type { MemberModel, ServiceModel } from '../model.ts';
import { toBase64 } from './base64.ts';
import { isoText, timestampText } from './timestamp.ts';
import { itemOf } from './tree.ts';
import { escapeAttribute, escapeText } from './xml.ts';

type Held = Readonly<Record<string, unknown>>;

/** The structure's members, without an element around them. */
export function writeXmlMembers(
  model: ServiceModel,
  name: string,
  value: Held,
  only: (member: MemberModel) => boolean = () => true,
): string {
  let text = '';
  for (const [member, type] of Object.entries(model.structures[name]?.members ?? {})) {
    const held = value[member];
    if (held === undefined || held === null || type.attribute || !only(type)) continue;
    text += writeMember(model, type.xmlName ?? member, type, held);
  }
  return text;
}

export function writeXmlElement(model: ServiceModel, tag: string, type: MemberModel, value: unknown): string {
  if (type.type !== 'structure') return writeMember(model, tag, type, value);
  const held = value as Held; // the table's types promise the output's shape
  const inside = writeXmlMembers(model, type.of ?? '', held);
  return `<${tag}${attributes(model, type, held)}>${inside}</${tag}>`;
}

function writeMember(model: ServiceModel, tag: string, type: MemberModel, value: unknown): string {
  switch (type.type) {
    case 'structure':
      return writeXmlElement(model, tag, type, value);
    case 'list': {
      const item = itemOf(type);
      const inner = type.flat ? tag : (item.xmlName ?? 'member');
      const items = (value as readonly unknown[]).map((held) => writeMember(model, inner, item, held)).join('');
      return type.flat ? items : `<${tag}>${items}</${tag}>`;
    }
    case 'map': {
      const entries = Object.entries(value as Held).map((entry) =>
        writeEntry(model, type.flat ? tag : 'entry', type, entry),
      );
      return type.flat ? entries.join('') : `<${tag}>${entries.join('')}</${tag}>`;
    }
    default:
      return `<${tag}>${escapeText(simpleText(type, value))}</${tag}>`;
  }
}

function writeEntry(model: ServiceModel, tag: string, type: MemberModel, [key, value]: [string, unknown]): string {
  const item = itemOf(type);
  const name = writeMember(model, type.key?.xmlName ?? 'key', { type: 'string' }, key);
  return `<${tag}>${name}${writeMember(model, item.xmlName ?? 'value', item, value)}</${tag}>`;
}

function attributes(model: ServiceModel, type: MemberModel, value: Held): string {
  const structure = model.structures[type.of ?? ''];
  const [prefix, uri] = type.xmlNamespace ?? structure?.xmlNamespace ?? [];
  let text = prefix === undefined || uri === undefined ? '' : ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
  for (const [member, inner] of Object.entries(structure?.members ?? {})) {
    const held = value[member];
    if (inner.attribute && held !== undefined) text += ` ${inner.xmlName ?? member}="${escapeAttribute(String(held))}"`;
  }
  return text;
}

export function simpleText(type: MemberModel, value: unknown): string {
  if (value instanceof Date) return type.format === undefined ? isoText(value) : timestampText(value, type.format);
  if (value instanceof Uint8Array) return toBase64(value);
  return String(value);
}
