/** A parsed element into a structure, for restXml. */
import type { MemberModel, ServiceModel } from '../model.ts';
import { readText } from './form.ts';
import { setOwn } from './record.ts';
import { itemOf } from './tree.ts';
import type { XmlNode } from './xml.ts';

export function readXmlStructure(
  model: ServiceModel,
  name: string,
  node: XmlNode,
  only: (member: MemberModel) => boolean = () => true,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [member, type] of Object.entries(model.structures[name]?.members ?? {})) {
    if (!only(type)) continue;
    const wire = type.xmlName ?? member;
    if (type.attribute) {
      const text = node.attributes[wire];
      if (text !== undefined) out[member] = readText(type, text);
      continue;
    }
    const found = node.children.filter((child) => child.name === wire);
    const [first] = found;
    if (first !== undefined)
      out[member] = type.flat ? readRepeated(model, type, found) : readXmlValue(model, type, first);
  }
  return out;
}

export function readXmlValue(model: ServiceModel, type: MemberModel, node: XmlNode): unknown {
  switch (type.type) {
    case 'structure':
      return readXmlStructure(model, type.of ?? '', node);
    case 'list': {
      const item = itemOf(type);
      const name = item.xmlName ?? 'member';
      return readRepeated(
        model,
        type,
        node.children.filter((child) => child.name === name),
      );
    }
    case 'map':
      return readRepeated(
        model,
        type,
        node.children.filter((child) => child.name === 'entry'),
      );
    default:
      return readText(type, type.type === 'string' ? node.text : node.text.trim());
  }
}

/** The elements of a list, or the entries of a map. */
function readRepeated(model: ServiceModel, type: MemberModel, nodes: readonly XmlNode[]): unknown {
  const item = itemOf(type);
  if (type.type === 'list') return nodes.map((node) => readXmlValue(model, item, node));
  const [key, value] = [type.key?.xmlName ?? 'key', item.xmlName ?? 'value'];
  const out: Record<string, unknown> = {};
  for (const node of nodes) {
    const held = node.children.find((child) => child.name === value);
    const name = node.children.find((child) => child.name === key)?.text ?? '';
    if (held !== undefined) setOwn(out, name, readXmlValue(model, item, held));
  }
  return out;
}
