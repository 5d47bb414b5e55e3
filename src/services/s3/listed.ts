/** What the lists of objects, versions and uploads have in common: limits, encoding, and how an object is shown. */
import { encodePart } from '../../aws/sigv4/canonical.ts';
import type { Entry } from '../../store/objects/listing.ts';
import type { ObjectVersion } from '../../store/objects/records.ts';
import { shownClass } from './details.ts';
import { invalidArgument } from './errors.ts';
import { listedMax } from './limits.ts';
import { quoted } from './parts.ts';

export function limitOf(asked: number | undefined, name = 'max-keys'): number {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 0)) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(asked));
  }
  return Math.min(asked ?? listedMax, listedMax);
}

export type Encode = <Text extends string | undefined>(text: Text) => Text;

/** XML cannot carry every key; a client that asks gets them percent-encoded, with slashes as they are. */
export function encoder(encodingType: string | undefined): Encode {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type');
  const encode = (text: string | undefined) => text?.split('/').map(encodePart).join('/');
  return encode as Encode; // text in, text out
}

export function prefixesOf(entries: readonly Entry<unknown>[], encode: Encode): { Prefix: string }[] {
  return entries.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : []));
}

export function itemsOf<T>(entries: readonly Entry<T>[]): T[] {
  return entries.flatMap((entry) => ('item' in entry ? [entry.item] : []));
}

/** The key or rolled up prefix that a page ends with. */
export function lastOf(entries: readonly Entry<{ readonly key: string }>[]): string | undefined {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  return 'prefix' in last ? last.prefix : last.item.key;
}

export function shownObject({ key, etag, size, modified, details }: ObjectVersion, encode: Encode) {
  const { checksum, storageClass } = details;
  return {
    Key: encode(key),
    LastModified: new Date(modified),
    ETag: quoted(etag),
    ChecksumAlgorithm: checksum === undefined ? undefined : [checksum.algorithm as 'CRC32'], // one that was checked
    ChecksumType: checksum?.type,
    Size: size,
    StorageClass: shownClass(storageClass),
  };
}
