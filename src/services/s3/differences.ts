/** Where S3 here does in another way what AWS does. docs/compatibility.md is made from this too. */
export const s3Differences = [
  {
    what: 'S3: storage classes',
    here: 'are kept and told; every object can be read at once, and transitions of lifecycle rules move none',
  },
  {
    what: 'S3: `ServerSideEncryption: AES256`',
    here: 'is kept and told; objects are as safe on the disk as the disk is. Keys of KMS or of the customer are refused',
  },
  {
    what: 'S3: checksums',
    here: 'are those that the client sent or asked for (AWS adds a CRC64NVME to objects without one)',
  },
  {
    what: 'S3: ACLs',
    here: 'other than `private` and `bucket-owner-full-control` are refused, as by new buckets on AWS: use policies',
  },
  {
    what: 'S3: `EventBridgeConfiguration`',
    here: 'is kept, and nobody is told of events until EventBridge is here',
  },
  {
    what: 'S3: regions',
    here: 'a bucket has the region it was made in, and is served under the name of every region (AWS redirects)',
  },
  {
    what: 'S3: notifications',
    here: 'are kept in the commit of their object, so that none is lost and none tells of what is not there',
  },
] as const;
