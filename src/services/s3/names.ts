/** Names of buckets and keys: S3's rules (User Guide, "General purpose bucket naming rules"). */
import { invalidBucketName, s3Error } from './errors.ts';
import { keyBytesMax } from './limits.ts';

const reserved = {
  starts: ['xn--', 'sthree-', 'amzn-s3-demo-'],
  ends: ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'],
};

export function checkBucketName(name: string): void {
  const plain = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const address = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  const taken =
    reserved.starts.some((start) => name.startsWith(start)) || reserved.ends.some((end) => name.endsWith(end));
  if (!plain || address || taken) throw invalidBucketName(name);
}

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > keyBytesMax) {
    throw s3Error('KeyTooLongError', 'Your key is too long', 400, { Size: size, MaxSizeAllowed: keyBytesMax });
  }
}
