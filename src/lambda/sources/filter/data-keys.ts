import type { SourceKind } from '../../model/mapping/mapping.ts';

/** Which fields of a record hold what its sender wrote, as text or JSON, by source (reference: lambda-semantics 5.7). */
export const dataKeys: Readonly<Record<SourceKind, readonly string[]>> = {
  sqs: ['body'],
  kinesis: ['data'],
  // Its records are JSON throughout.
  dynamodb: [],
  msk: ['key', 'value'],
  'self-managed-kafka': ['key', 'value'],
  mq: ['data'],
  documentdb: [],
};
