/** Functions' packages in buckets, read for Lambda as GetObject would: it repeats the error where that fails. */
import { buffer } from 'node:stream/consumers';
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

type Problem = { readonly code: string; readonly message: string } | 'too-large';

export function packagesIn(objects: ObjectStore) {
  return {
    async read(wanted: WantedPackage, reader: Reader, bytesMax: number): Promise<Buffer | Problem> {
      try {
        return await readPackage(objects, wanted, reader, bytesMax);
      } catch (error) {
        if (error instanceof AwsError) return { code: error.code, message: error.message };
        throw error;
      }
    },
  };
}

async function readPackage(
  objects: ObjectStore,
  { bucket: name, key, version: named }: WantedPackage,
  { principal, region }: Reader,
  bytesMax: number,
): Promise<Buffer | 'too-large'> {
  const bucket = objects.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  checkAllowed({ principal, bucket, key, action: named === undefined ? 's3:GetObject' : 's3:GetObjectVersion' });
  if (bucket.region !== region) throw elsewhere(bucket.region);
  const bytes = objects.snapshot(() => {
    const version = objects.versions.find(bucket, key, named);
    if (version === undefined || version.marker) throw named === undefined ? noSuchKey(key) : noSuchVersion(key, named);
    return version.size > bytesMax ? 'too-large' : objects.versions.read(version);
  });
  return bytes === 'too-large' || Buffer.isBuffer(bytes) ? bytes : buffer(bytes);
}

function elsewhere(region: string): AwsError {
  const message = `The bucket is in this region: ${region}. Please use this region to retry the request`;
  return s3Error('PermanentRedirect', message, 301);
}
