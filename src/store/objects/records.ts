/** What the object store keeps, as its users see it. */

/** Of a bucket: what its owner configured. The store keeps it and reads `versioning` alone. */
export interface BucketSettings {
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Whatever else, by name, as the service has it. */
  readonly [name: string]: unknown;
}

export interface Bucket {
  readonly id: number;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly settings: BucketSettings;
}

export interface Checksum {
  /** As AWS names it: `CRC32`, `SHA256`, … */
  readonly algorithm: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Base64; with `-N` when it is composed of N parts' checksums. */
  readonly value: string;
}

/** What travels with an object besides its bytes. */
export interface ObjectDetails {
  /** System headers by their AWS member, as `ContentType`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The user's own, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly storageClass: string;
  readonly checksum?: Checksum;
  /** Of the multipart upload that made it. */
  readonly uploadId?: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** A stretch of a body: a file, and for a multipart object the part that it was. */
export interface Piece {
  readonly file: string;
  readonly size: number;
  readonly number?: number;
  readonly checksum?: string;
}

export interface ObjectVersion {
  /** Grows with time, also between objects. */
  readonly sequence: number;
  readonly bucket: number;
  readonly key: string;
  /** `null` for what was written without versioning. */
  readonly version: string;
  readonly latest: boolean;
  /** A delete marker: no body, no details. */
  readonly marker: boolean;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modified: number;
  readonly details: ObjectDetails;
  /** Files in their order; none when the body is empty or a row of the database. */
  readonly pieces: readonly Piece[];
}

export interface Upload {
  readonly sequence: number;
  readonly bucket: number;
  readonly key: string;
  readonly id: string;
  readonly initiated: number;
  readonly details: UploadDetails;
}

export interface UploadDetails extends Omit<ObjectDetails, 'checksum' | 'uploadId'> {
  readonly checksum?: Pick<Checksum, 'algorithm' | 'type'>;
  readonly initiator: string;
}

export interface Part {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  /** In the upload's algorithm. */
  readonly checksum?: string;
}
