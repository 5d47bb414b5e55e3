/** One URL, the operation named in a header or path, the whole input and output in the body: awsJson and both CBORs. */

import { decodeCbor, encodeCbor } from '../codec/cbor.ts';
import { legacyCbor, rpcCbor } from '../codec/cbor-flavour.ts';
import { type EventBody, encodeFrame, eventFrames } from '../codec/event-stream.ts';
import { jsonFlavour, parseJson } from '../codec/json.ts';
import { TreeCodec } from '../codec/tree.ts';
import type { Protocol, ServiceModel } from '../model.ts';
import { emptyBody } from '../wire.ts';
import { eventsMember, isStream, type OperationCodec, type OperationPlan, recordOf } from './codec.ts';

interface Format {
  readonly contentType: string;
  readonly headers: readonly string[];
  tree(model: ServiceModel): TreeCodec;
  parse(body: Buffer): unknown;
  render(tree: unknown): string | Buffer;
}

const cbor = {
  parse: (body: Buffer) => (body.length === 0 ? {} : decodeCbor(body)),
  render: encodeCbor,
};

function jsonFormat(contentType: string): Format {
  return {
    contentType,
    headers: [],
    tree: (model) => new TreeCodec(model, jsonFlavour(false)),
    parse: parseJson,
    render: (tree) => JSON.stringify(tree),
  };
}

const formats: Partial<Record<Protocol, Format>> = {
  'awsJson1.0': jsonFormat('application/x-amz-json-1.0'),
  'awsJson1.1': jsonFormat('application/x-amz-json-1.1'),
  rpcv2Cbor: {
    ...cbor,
    contentType: 'application/cbor',
    headers: ['smithy-protocol', 'rpc-v2-cbor'],
    tree: (model) => new TreeCodec(model, rpcCbor),
  },
  'cbor1.1': {
    ...cbor,
    contentType: 'application/x-amz-cbor-1.1',
    headers: [],
    tree: (model) => new TreeCodec(model, legacyCbor),
  },
};

export function rpcCodec(plan: OperationPlan, format: Format): OperationCodec {
  const { model, operation } = plan;
  const tree = format.tree(model);
  const read = operation.input === undefined ? () => ({}) : tree.structureReader(operation.input);
  const write = operation.output === undefined ? () => ({}) : tree.structureWriter(operation.output);
  const events = eventsMember(plan);
  const headers = ['content-type', format.contentType, ...format.headers];
  if (events !== undefined)
    return { decode, encode: (output, reply) => stream(recordOf(output)[events.name], reply.failure) };
  return {
    decode,
    encode: (output) => ({ status: 200, headers: [...headers], body: format.render(write(recordOf(output))) }),
  };

  function decode({ body }: { readonly body: Buffer }): Record<string, unknown> {
    return { ...recordOf(read(format.parse(body))) };
  }

  function stream(value: unknown, failure: Parameters<typeof eventFrames>[4]) {
    const source = isStream(value) ? value : nothing();
    const frames = eventFrames(model, events?.union ?? '', source, eventBody(tree, format), failure);
    return {
      status: 200,
      headers: ['content-type', 'application/vnd.amazon.eventstream', ...format.headers],
      body: afterInitialResponse(frames, format),
    };
  }
}

/** RPC protocols have no headers to carry the rest of the output, so it travels as an event of its own. */
async function* afterInitialResponse(frames: AsyncIterable<Buffer>, format: Format): AsyncGenerator<Buffer> {
  yield encodeFrame(
    [
      [':event-type', 'initial-response'],
      [':message-type', 'event'],
      [':content-type', format.contentType],
    ],
    Buffer.from(format.render({})),
  );
  yield* frames;
}

function eventBody(tree: TreeCodec, format: Format): EventBody {
  return {
    contentType: format.contentType,
    write: (structure, value, only) => Buffer.from(format.render(tree.structureWriter(structure, only)(value))),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [emptyBody].slice(1);
}

export function rpcFormat(protocol: Protocol): Format | undefined {
  return formats[protocol];
}
