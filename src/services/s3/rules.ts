/** S3's operations as IAM actions, whose names are often older than the operations'; whose a bucket is, and its policy. */
import type { Asked, Need, ServiceRules } from '../../iam/rules.ts';
import type { ObjectStore } from '../../store/objects/object-store.ts';
import type { Bucket } from '../../store/objects/records.ts';
import { copySource } from './copy-source.ts';
import { withoutPublic } from './public-policy.ts';
import { settingsOf } from './settings.ts';

export function s3Rules(objects: ObjectStore): ServiceRules {
  const bucketNamed = (name: unknown) => (typeof name === 'string' ? objects.buckets.get(name) : undefined);
  return {
    needs: s3Needs,
    owner: ({ operation, input }) => (operation === 'CreateBucket' ? undefined : bucketNamed(input.Bucket)?.accountId),
    policies(resource) {
      const bucket = bucketNamed(/^arn:aws:s3:::([^/]+)/.exec(resource)?.[1]);
      return bucket === undefined ? [] : policiesOf(bucket);
    },
    keys: conditionKeys,
  };
}

/** As far as it counts: a restricted bucket lets nobody in for being anybody. */
export function policiesOf(bucket: Bucket): readonly string[] {
  const { policy, publicAccessBlock } = settingsOf(bucket);
  if (policy === undefined) return [];
  return [publicAccessBlock?.RestrictPublicBuckets ? withoutPublic(policy) : policy];
}

export function s3Needs(asked: Asked): readonly Need[] {
  return special[asked.operation]?.(asked.input) ?? [plainNeed(asked)];
}

type Input = Asked['input'];

/** Whose name is not the operation's. Leave to write a setting is leave to delete it. */
const actions: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListParts: 'ListMultipartUploadParts',
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketReplication: 'GetReplicationConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
};

/** Of these, one version has an action of its own. */
const ofVersions = new Set([
  ...[
    'GetObject',
    'DeleteObject',
    'GetObjectTagging',
    'PutObjectTagging',
    'DeleteObjectTagging',
    'GetObjectAttributes',
  ],
]);

/** What needs more than one leave, or another resource than its bucket and key. */
const special: Readonly<Record<string, (input: Input) => Need[]>> = {
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  PutObject: (input) => [need('PutObject', input), ...(input.Tagging ? [need('PutObjectTagging', input)] : [])],
  CopyObject: copyNeeds,
  UploadPartCopy: copyNeeds,
  DeleteObjects: (input) =>
    deletedObjects(input).map((each) => versioned('DeleteObject', { ...each, Bucket: input.Bucket })),
};

function plainNeed({ operation, input }: Asked): Need {
  return versioned(actions[operation] ?? operation, input);
}

function versioned(action: string, input: Input): Need {
  const one = typeof input.VersionId === 'string' && ofVersions.has(action);
  // As in GetObjectVersion and GetObjectVersionTagging.
  return need(one ? action.replace('Object', 'ObjectVersion') : action, input);
}

function need(action: string, { Bucket, Key }: Input): Need {
  const object = typeof Key === 'string' ? `/${Key}` : '';
  return { action: `s3:${action}`, resource: typeof Bucket === 'string' ? `arn:aws:s3:::${Bucket}${object}` : '*' };
}

/** The source as the operation itself will read it; one that it refuses is nobody's. */
function copyNeeds(input: Input): Need[] {
  const source = readSource(String(input.CopySource));
  const own = need('PutObject', input);
  return source === undefined ? [own] : [own, versioned('GetObject', { ...source })];
}

function readSource(text: string) {
  try {
    return copySource(text);
  } catch {
    return undefined;
  }
}

function deletedObjects({ Delete }: Input): Input[] {
  const listed = typeof Delete === 'object' && Delete !== null && 'Objects' in Delete ? Delete.Objects : [];
  return Array.isArray(listed) ? listed : [];
}

const keys = {
  's3:prefix': 'Prefix',
  's3:delimiter': 'Delimiter',
  's3:max-keys': 'MaxKeys',
  's3:versionid': 'VersionId',
};

function* conditionKeys({ input }: Asked): Generator<[string, string]> {
  for (const [key, member] of Object.entries(keys)) {
    if (input[member] !== undefined) yield [key, String(input[member])];
  }
}
