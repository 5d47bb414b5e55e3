/** An event as functions, queues and topics get it (reference: lambda-semantics 6.1). */
import type { RequestContext } from '../../../aws/operation.ts';
import type { Bucket } from '../../../store/objects/records.ts';
import { ownerOf } from '../parts.ts';

export interface ObjectEvent {
  /** Without `s3:`, as `ObjectCreated:Put`. */
  readonly name: string;
  readonly at: number;
  readonly key: string;
  /** Grows with each event of a key. */
  readonly sequence: number;
  /** Of what is there afterwards; a deletion has neither. */
  readonly size?: number;
  readonly etag?: string;
  /** In versioned buckets alone. */
  readonly versionId?: string | undefined;
}

/** What an event tells of the request that caused it. */
export type EventContext = Pick<RequestContext, 'principal' | 'requestId' | 'sourceAddress' | 'headers'>;

export function eventRecord(bucket: Bucket, event: ObjectEvent, configurationId: string, context: EventContext) {
  const { principal, requestId, sourceAddress } = context;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(event.at).toISOString(),
    eventName: event.name,
    userIdentity: { principalId: `AWS:${principal.accessKeyId ?? principal.accountId}` },
    requestParameters: { sourceIPAddress: sourceAddress ?? '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: ownerOf(bucket).ID.slice(0, 14).toUpperCase() },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key: formEncoded(event.key),
        size: event.size,
        eTag: event.etag,
        versionId: event.versionId,
        sequencer: event.sequence.toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
}

/** As forms encode, with slashes as they are: a space is a plus. */
function formEncoded(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part)
        .replace(/[!'()~]/g, hexadecimal)
        .replaceAll('%20', '+'),
    )
    .join('/');
}

function hexadecimal(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
