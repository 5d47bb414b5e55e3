/** The checksums that clients send along with bodies, each by its AWS name. */
import { createHash } from 'node:crypto';
import { crc32, crc32c, crc64nvme, type Running } from './crc.ts';

export interface Algorithm {
  /** `x-amz-checksum-` and this. */
  readonly header: string;
  /** Of requests and answers. */
  readonly member: 'ChecksumCRC32' | 'ChecksumCRC32C' | 'ChecksumCRC64NVME' | 'ChecksumSHA1' | 'ChecksumSHA256';
  readonly bytes: number;
  /** A checksum of a whole multipart object follows from those of its parts. */
  readonly combines: boolean;
  start(): Running;
}

export type AlgorithmName = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export const algorithms: Readonly<Record<AlgorithmName, Algorithm>> = {
  CRC32: { header: 'crc32', member: 'ChecksumCRC32', bytes: 4, combines: true, start: crc32 },
  CRC32C: { header: 'crc32c', member: 'ChecksumCRC32C', bytes: 4, combines: true, start: crc32c },
  CRC64NVME: { header: 'crc64nvme', member: 'ChecksumCRC64NVME', bytes: 8, combines: true, start: crc64nvme },
  SHA1: { header: 'sha1', member: 'ChecksumSHA1', bytes: 20, combines: false, start: () => hashed('sha1') },
  SHA256: { header: 'sha256', member: 'ChecksumSHA256', bytes: 32, combines: false, start: () => hashed('sha256') },
};

export const algorithmNames = Object.keys(algorithms).filter(isAlgorithm);

export function isAlgorithm(name: string): name is AlgorithmName {
  return Object.hasOwn(algorithms, name);
}

/** The member of an answer that holds a checksum, if there is one. */
export function checksumMember(checksum: { readonly algorithm: string; readonly value: string } | undefined) {
  if (checksum === undefined || !isAlgorithm(checksum.algorithm)) return {};
  const shown: Partial<Record<Algorithm['member'], string>> = {
    [algorithms[checksum.algorithm].member]: checksum.value,
  };
  return shown;
}

function hashed(name: 'sha1' | 'sha256'): Running {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
