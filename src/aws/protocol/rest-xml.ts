import { escapeAttribute, escapeText, parseXml, type XmlNode } from '../codec/xml.ts';
import { readXmlStructure, readXmlValue } from '../codec/xml-reader.ts';
import { writeXmlElement, writeXmlMembers } from '../codec/xml-writer.ts';
import { AwsError } from '../errors.ts';
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
      body.length === 0 ? {} : read(body, (root) => readXmlStructure(model, structure, root, isBody)),
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
    payloadReader: (member) => (body) => read(body, (root) => readXmlValue(model, member, root)),
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

/** S3 has one error for all that is wrong with a document. */
function read<T>(body: Buffer, reader: (root: XmlNode) => T): T {
  try {
    return reader(parseXml(body.toString('utf8')));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = 'The XML you provided was not well-formed or did not validate against our published schema';
    throw new AwsError({ code: 'MalformedXML', message, status: 400 });
  }
}
