import { emptyBody } from '../wire.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { cannotBe, serializationError } from './serialization.ts';
import { readTimestamp, timestampText } from './timestamp.ts';
import type { TreeFlavour } from './tree.ts';

/** Timestamps are numbers unless the model asks for text; blobs are base64. */
export function jsonFlavour(jsonNames: boolean): TreeFlavour {
  return {
    jsonNames,
    readBlob(value) {
      if (typeof value !== 'string') throw cannotBe(value, 'Blob');
      return fromBase64(value);
    },
    writeBlob: toBase64,
    readTimestamp,
    writeTimestamp: (date, format) =>
      format === 'epoch-seconds' ? date.getTime() / 1000 : timestampText(date, format),
  };
}

/** An empty body is an empty structure. */
export function parseJson(body: Buffer): unknown {
  if (body === emptyBody || body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw serializationError('Could not parse request body into json: it is not valid JSON');
  }
}
