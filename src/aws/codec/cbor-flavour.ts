import { asBuffer } from './base64.ts';
import { Tagged } from './cbor.ts';
import { cannotBe } from './serialization.ts';
import { readTimestamp } from './timestamp.ts';
import type { TreeFlavour } from './tree.ts';

/** rpcv2Cbor: timestamps are tag 1, seconds. */
export const rpcCbor: TreeFlavour = {
  jsonNames: false,
  readBlob,
  writeBlob: asBuffer,
  readTimestamp: (value) => readTimestamp(untagged(value)),
  writeTimestamp: (date) => new Tagged(1, date.getTime() / 1000),
};

/** The older `x-amz-cbor-1.1` of the Java SDKs and the Kinesis libraries: timestamps are tag 1, whole milliseconds. */
export const legacyCbor: TreeFlavour = {
  ...rpcCbor,
  readTimestamp(value) {
    const ms = untagged(value);
    return readTimestamp(typeof ms === 'number' ? ms / 1000 : ms);
  },
  writeTimestamp: (date) => new Tagged(1, date.getTime()),
};

function untagged(value: unknown): unknown {
  return value instanceof Tagged ? value.value : value;
}

function readBlob(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw cannotBe(value, 'Blob');
  return asBuffer(value);
}
