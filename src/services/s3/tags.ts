/** Tags of objects and buckets: S3's rules, and the form in which a header carries them. */
import { decodePart } from '../../aws/codec/uri.ts';
import type { Tag } from '../../store/objects/records.ts';
import { invalidArgument, s3Error } from './errors.ts';
import { objectTagsMax } from './limits.ts';

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

interface GivenTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function checkedTags(given: readonly GivenTag[], tagsMax: number): Tag[] {
  if (given.length > tagsMax) {
    const what = tagsMax === objectTagsMax ? 'Object' : 'Bucket';
    throw s3Error('BadRequest', `${what} tags cannot be greater than ${tagsMax}`, 400);
  }
  const tags = given.map(checkedTag);
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw s3Error('InvalidTag', 'Cannot provide multiple Tags with the same key', 400);
  }
  return tags;
}

function checkedTag({ Key = '', Value = '' }: GivenTag): Tag {
  if (Key.length === 0 || Key.length > 128 || !allowed.test(Key)) {
    throw s3Error('InvalidTag', 'The TagKey you have provided is invalid', 400, { TagKey: Key });
  }
  if (Value.length > 256 || !allowed.test(Value)) {
    throw s3Error('InvalidTag', 'The TagValue you have provided is invalid', 400, { TagKey: Key, TagValue: Value });
  }
  if (Key.startsWith('aws:')) throw s3Error('InvalidTag', 'System tags cannot be added/updated by requester', 400);
  return { Key, Value };
}

/** `x-amz-tagging`: `a=b&c=d`. */
export function tagsOfHeader(text: string | undefined): Tag[] {
  if (text === undefined || text === '') return [];
  const given = text.split('&').map((pair) => {
    const [Key = '', Value = '', ...more] = pair.split('=').map((part) => decodePart(part.replaceAll('+', ' ')));
    if (more.length > 0) {
      throw invalidArgument(
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
        'x-amz-tagging',
        text,
      );
    }
    return { Key, Value };
  });
  return checkedTags(given, objectTagsMax);
}
