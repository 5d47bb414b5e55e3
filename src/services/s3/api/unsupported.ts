/** Operations that are known and not there yet, each with its reason. docs/compatibility.md is made from this too. */
import { unsupported } from '../../../aws/operation.ts';

const tables = unsupported('this server keeps no S3 metadata tables');
const annotations = unsupported('annotations of objects are not planned yet');
const reports = unsupported('analytics, inventories, metrics and tiering of buckets are not planned yet');
const lock = unsupported('comes with object lock');
const replication = unsupported('there is one server, and nowhere to replicate to');
const website = unsupported('comes with website hosting');
const encryption = unsupported('comes with keys of KMS; what is on the disk is as safe as the disk');
const directory = unsupported('this server has general purpose buckets only');
const torrents = unsupported('AWS does not serve torrents any more either');
const select = unsupported('AWS does not offer S3 Select to new customers either');
const restore = unsupported('nothing is archived: every object can be read at once');
const objectLambda = unsupported('comes with S3 Object Lambda');
const later = unsupported('not planned yet');

export const unsupportedOperations = {
  CreateBucketMetadataConfiguration: tables,
  CreateBucketMetadataTableConfiguration: tables,
  CreateSession: directory,
  DeleteBucketAnalyticsConfiguration: reports,
  DeleteBucketIntelligentTieringConfiguration: reports,
  DeleteBucketInventoryConfiguration: reports,
  DeleteBucketMetadataConfiguration: tables,
  DeleteBucketMetadataTableConfiguration: tables,
  DeleteBucketMetricsConfiguration: reports,
  DeleteBucketReplication: replication,
  DeleteBucketWebsite: website,
  DeleteObjectAnnotation: annotations,
  GetBucketAbac: later,
  GetBucketAnalyticsConfiguration: reports,
  GetBucketIntelligentTieringConfiguration: reports,
  GetBucketInventoryConfiguration: reports,
  GetBucketMetadataConfiguration: tables,
  GetBucketMetadataTableConfiguration: tables,
  GetBucketMetricsConfiguration: reports,
  GetObjectAnnotation: annotations,
  GetObjectLegalHold: lock,
  GetObjectRetention: lock,
  GetObjectTorrent: torrents,
  ListBucketAnalyticsConfigurations: reports,
  ListBucketIntelligentTieringConfigurations: reports,
  ListBucketInventoryConfigurations: reports,
  ListBucketMetricsConfigurations: reports,
  ListDirectoryBuckets: directory,
  ListObjectAnnotations: annotations,
  PutBucketAbac: later,
  PutBucketAccelerateConfiguration: later,
  PutBucketAnalyticsConfiguration: reports,
  PutBucketIntelligentTieringConfiguration: reports,
  PutBucketInventoryConfiguration: reports,
  PutBucketLogging: later,
  PutBucketMetricsConfiguration: reports,
  PutBucketReplication: replication,
  PutBucketRequestPayment: later,
  PutBucketWebsite: website,
  PutObjectAnnotation: annotations,
  PutObjectLegalHold: lock,
  PutObjectLockConfiguration: lock,
  PutObjectRetention: lock,
  RenameObject: directory,
  RestoreObject: restore,
  SelectObjectContent: select,
  UpdateBucketMetadataAnnotationTableConfiguration: tables,
  UpdateBucketMetadataInventoryTableConfiguration: tables,
  UpdateBucketMetadataJournalTableConfiguration: tables,
  UpdateObjectEncryption: encryption,
  WriteGetObjectResponse: objectLambda,
} as const;
