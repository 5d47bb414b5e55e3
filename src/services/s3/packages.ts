/** Functions' packages in buckets, read for Lambda as GetObject would: it repeats the error where that fails. */
import { AwsError } from '../../aws/errors.ts';
import type { Principal } from '../../aws/operation.ts';
import type { ObjectStore } from '../../store/objects/object-store.ts';
import { noSuchBucket, noSuchKey, noSuchVersion, s3Error } from './errors.ts';
import { checkAllowed } from './form/access.ts';

export interface WantedPackage {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
}

export interface Reader {
  readonly principal: Principal;
  readonly region: string;
}

interface Found {
  readonly size: number;
  readonly bytes: AsyncIterable<Buffer>;
}

type Problem = { readonly code: string; readonly message: string } | 'too-large';

export function packagesIn(objects: ObjectStore) {
  return {
    async read(wanted: WantedPackage, reader: Reader, bytesMax: number): Promise<Found | Problem> {
      try {
        return readPackage(objects, wanted, reader, bytesMax);
      } catch (error) {
        if (error instanceof AwsError) return { code: error.code, message: error.message };
        throw error;
      }
    },
  };
}

function readPackage(
  objects: ObjectStore,
  { bucket: name, key, version: named }: WantedPackage,
  { principal, region }: Reader,
  bytesMax: number,
): Found | 'too-large' {
  const bucket = objects.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  checkAllowed({ principal, bucket, key, action: named === undefined ? 's3:GetObject' : 's3:GetObjectVersion' });
  if (bucket.region !== region) throw elsewhere(bucket.region);
  return objects.snapshot(() => {
    const version = objects.versions.find(bucket, key, named);
    if (version === undefined || version.marker) throw named === undefined ? noSuchKey(key) : noSuchVersion(key, named);
    if (version.size > bytesMax) return 'too-large';
    const bytes = objects.versions.read(version);
    return { size: version.size, bytes: Buffer.isBuffer(bytes) ? once(bytes) : bytes };
  });
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function elsewhere(region: string): AwsError {
  const message = `The bucket is in this region: ${region}. Please use this region to retry the request`;
  return s3Error('PermanentRedirect', message, 301);
}
