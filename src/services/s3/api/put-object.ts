import { checksumMember } from '../checksums/algorithms.ts';
import { writeCondition } from '../conditions.ts';
import { detailsOf } from '../details.ts';
import { noSuchBucket } from '../errors.ts';
import { expirationOf } from '../lifecycle/rules.ts';
import { checkKey } from '../names.ts';
import { created } from '../notifications/notify.ts';
import { bucketFor, quoted, type S3Parts, shownVersion } from '../parts.ts';
import { receivedBody } from '../receive.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function putObject(parts: S3Parts): S3Operation<'PutObject'> {
  return {
    streaming: true,
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Key: key = '' } = input;
      checkKey(key);
      const details = detailsOf(input);
      const check = writeCondition(key, input);
      // What fails now need not be sent; it is asked again when the body is there.
      if (input.IfMatch ?? input.IfNoneMatch) check(parts.objects.versions.find(bucket, key));
      const { body, etag, checksum } = await receivedBody(parts.objects, context);
      const kept = checksum === undefined ? undefined : { ...checksum, type: 'FULL_OBJECT' as const };
      const version = await parts.objects.versions.put({
        bucket,
        key,
        etag,
        body,
        details: { ...details, checksum: kept },
        check,
        also: created(parts, { bucket, context }, 'Put'),
      });
      if (version === undefined) throw noSuchBucket(bucket.name);
      return {
        Expiration: expirationOf(settingsOf(bucket).lifecycle ?? [], version),
        ETag: quoted(etag),
        VersionId: shownVersion(bucket, version),
        ServerSideEncryption: input.ServerSideEncryption,
        ChecksumType: kept?.type,
        ...checksumMember(kept),
      };
    },
  };
}
