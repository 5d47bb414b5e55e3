/** awsQuery: a form in, XML out. */
import { readForm } from '../codec/form.ts';
import { escapeAttribute, escapeText } from '../codec/xml.ts';
import { writeXmlMembers } from '../codec/xml-writer.ts';
import { type OperationCodec, type OperationPlan, recordOf } from './codec.ts';

export function queryCodec({ model, operation, name }: OperationPlan): OperationCodec {
  const { input, output } = operation;
  const xmlns = escapeAttribute(model.xmlNamespace ?? '');
  return {
    decode: ({ path, query, body }) => {
      if (input === undefined) return {};
      const read = readForm(model, input, joined(query, body));
      // A request may be sent to a queue's own address instead of naming it.
      const members = model.structures[input]?.members ?? {};
      return path !== '/' && 'QueueUrl' in members && read.QueueUrl === undefined ? { ...read, QueueUrl: path } : read;
    },
    encode(value, { requestId }) {
      const members = output === undefined ? '' : writeXmlMembers(model, output, recordOf(value));
      const result = output === undefined ? '' : `<${name}Result>${members}</${name}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${escapeText(requestId)}</RequestId></ResponseMetadata>`;
      const body = `<${name}Response xmlns="${xmlns}">${result}${metadata}</${name}Response>`;
      return { status: 200, headers: ['content-type', 'text/xml'], body };
    },
  };
}

/** A presigned GET has everything in the URL. */
export function joined(query: string, body: Buffer): string {
  const form = body.toString('utf8');
  return query === '' ? form : `${query}&${form}`;
}
