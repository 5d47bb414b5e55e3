import { escapeAttribute, escapeText, parseXml } from '../codec/xml.ts';
import { readXmlStructure, readXmlValue } from '../codec/xml-reader.ts';
import { writeXmlElement, writeXmlMembers } from '../codec/xml-writer.ts';
import { isBody, type OperationPlan, recordOf } from './codec.ts';
import type { RestBody } from './rest.ts';

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function restXmlBody({ model, name: operation }: OperationPlan): RestBody {
  const xmlns = ` xmlns="${escapeAttribute(model.xmlNamespace ?? '')}"`;
  const rootOf = (structure: string) => model.structures[structure]?.xmlName ?? structure;
  return {
    contentType: 'application/xml',
    blobType: 'application/octet-stream',
    reader: (structure) => (body) =>
      body.length === 0 ? {} : readXmlStructure(model, structure, parseXml(body.toString('utf8')), isBody),
    writer(structure) {
      const root = rootOf(structure);
      return (value) => {
        // The one operation whose only member is the root's own text.
        const inside =
          operation === 'GetBucketLocation'
            ? escapeText(String(value.LocationConstraint ?? ''))
            : writeXmlMembers(model, structure, value, isBody);
        return `${xmlDeclaration}<${root}${xmlns}>${inside}</${root}>`;
      };
    },
    payloadReader: (member) => (body) => readXmlValue(model, member, parseXml(body.toString('utf8'))),
    payloadWriter(name, member) {
      const root = member.xmlName ?? (member.of === undefined ? name : rootOf(member.of));
      return (value) => {
        const element = writeXmlElement(model, root, member, value);
        return xmlDeclaration + element.replace(`<${root}`, `<${root}${xmlns}`);
      };
    },
    events: {
      contentType: 'text/xml',
      write: (structure, value, only) =>
        Buffer.from(
          `<${rootOf(structure)}>${writeXmlMembers(model, structure, recordOf(value), only)}</${rootOf(structure)}>`,
        ),
    },
  };
}
