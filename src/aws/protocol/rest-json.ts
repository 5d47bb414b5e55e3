import { jsonFlavour, parseJson } from '../codec/json.ts';
import { TreeCodec } from '../codec/tree.ts';
import { isBody, type OperationPlan, recordOf } from './codec.ts';
import type { RestBody } from './rest.ts';

export function restJsonBody({ model, service }: OperationPlan): RestBody {
  const tree = new TreeCodec(model, jsonFlavour(true));
  return {
    contentType: 'application/json',
    // Lambda's own payloads are JSON by definition.
    blobType: service === 'lambda' ? 'application/json' : 'application/octet-stream',
    reader(structure) {
      const read = tree.structureReader(structure, isBody);
      return (body) => (body.length === 0 ? {} : recordOf(read(parseJson(body))));
    },
    writer(structure) {
      const write = tree.structureWriter(structure, isBody);
      return (value) => JSON.stringify(write(value));
    },
    payloadReader(member) {
      const read = tree.reader(member);
      return (body) => read(parseJson(body));
    },
    payloadWriter(_, member) {
      const write = tree.writer(member);
      return (value) => JSON.stringify(write(value));
    },
    events: {
      contentType: 'application/json',
      write: (structure, value, only) => Buffer.from(JSON.stringify(tree.structureWriter(structure, only)(value))),
    },
  };
}
