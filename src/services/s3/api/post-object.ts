import { escapeText } from '../../../aws/codec/xml.ts';
import type { Operation, RequestContext } from '../../../aws/operation.ts';
import { emptyBody, type WireResponse } from '../../../aws/wire.ts';
import type { Bucket, ObjectVersion } from '../../../store/objects/records.ts';
import { announcedChecksum } from '../checksums/announced.ts';
import { type DescribingInput, detailsOf } from '../details.ts';
import { invalidArgument, noSuchBucket } from '../errors.ts';
import { checkAllowed, formCaller } from '../form/access.ts';
import { readForm } from '../form/form-data.ts';
import { checkPostPolicy } from '../form/post-policy.ts';
import { checkKey } from '../names.ts';
import { created } from '../notifications/notify.ts';
import { quoted, type S3Parts, shownVersion } from '../parts.ts';
import { received } from '../receive.ts';

interface PostInput {
  readonly Bucket: string;
}

type Fields = ReadonlyMap<string, string>;

/** "POST object" of the API reference: an upload by a form of a web page, within the policy that its owner signed. */
export function postObject(parts: S3Parts): Operation<PostInput, WireResponse> {
  return {
    streaming: true,
    authentication: 'own',
    codec: {
      decode: ({ labels }) => ({ Bucket: labels.Bucket ?? '' }),
      encode: (answer) => answer as WireResponse, // what the handler gives
    },
    async handle({ Bucket: name }, context) {
      const { objects, clock, callers } = parts;
      const bucket = objects.buckets.get(name);
      if (bucket === undefined) throw noSuchBucket(name);
      const { fields: sent, fileName, file } = await readForm(context.headers['content-type'] ?? '', bodyOf(context));
      const fields = new Map([...sent, ['bucket', name]]);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a form says it
      const key = sent.get('key')?.replaceAll('${filename}', fileName) ?? '';
      if (key === '')
        throw invalidArgument(
          "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
          'key',
          '',
        );
      checkKey(key);
      const principal = formCaller(callers, fields);
      const policy = sent.get('policy');
      const range = policy === undefined ? undefined : checkPostPolicy(policy, fields, clock.now());
      checkAllowed({ principal, action: 's3:PutObject', bucket, key });
      const details = detailsOf(describing(fields));
      const announced = announcedChecksum({ headers: Object.fromEntries(fields) });
      const { body, etag, checksum } = await received(objects, file, { ...range, checksum: announced });
      const kept = checksum === undefined ? undefined : { ...checksum, type: 'FULL_OBJECT' as const };
      const { requestId, sourceAddress, headers } = context;
      const also = created(parts, { bucket, context: { principal, requestId, sourceAddress, headers } }, 'Post');
      const version = await objects.versions.put({
        bucket,
        key,
        etag,
        body,
        details: { ...details, checksum: kept },
        also,
      });
      if (version === undefined) throw noSuchBucket(name);
      return answered(bucket, version, fields, context);
    },
  };
}

function bodyOf({ body }: RequestContext): AsyncIterable<Buffer> {
  if (body === undefined) throw invalidArgument('POST requires exactly one file upload per request.', 'file', '0');
  return body;
}

function describing(fields: Fields): DescribingInput {
  const Metadata: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (!name.startsWith('x-amz-meta-')) continue;
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw invalidArgument('Metadata names must be header names.', name);
    Metadata[name.slice('x-amz-meta-'.length)] = headerText(value);
  }
  const text = (name: string) => (fields.has(name) ? headerText(fields.get(name) ?? '') : undefined);
  return {
    ContentType: text('content-type'),
    CacheControl: text('cache-control'),
    ContentDisposition: text('content-disposition'),
    ContentEncoding: text('content-encoding'),
    StorageClass: text('x-amz-storage-class'),
    ServerSideEncryption: text('x-amz-server-side-encryption'),
    WebsiteRedirectLocation: text('x-amz-website-redirect-location'),
    ACL: text('acl'),
    Metadata,
  };
}

/** What a header cannot carry as it is travels as RFC 2047 has it. */
function headerText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

function answered(bucket: Bucket, version: ObjectVersion, fields: Fields, { endpoint }: RequestContext): WireResponse {
  const ETag = quoted(version.etag);
  const Location = `${endpoint}/${bucket.name}/${version.key.split('/').map(encodeURIComponent).join('/')}`;
  const headers = ['etag', ETag, 'location', Location];
  const shown = shownVersion(bucket, version);
  if (shown !== undefined) headers.push('x-amz-version-id', shown);
  const redirect = redirection(fields, { bucket: bucket.name, key: version.key, etag: ETag });
  if (redirect !== undefined) return { status: 303, headers: ['etag', ETag, 'location', redirect], body: emptyBody };
  const status = fields.get('success_action_status');
  if (status === '200') return { status: 200, headers, body: emptyBody };
  if (status !== '201') return { status: 204, headers, body: emptyBody };
  const members = { Location, Bucket: bucket.name, Key: version.key, ETag };
  const inside = Object.entries(members).map(([name, value]) => `<${name}>${escapeText(value)}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${inside.join('')}</PostResponse>`;
  return { status: 201, headers: [...headers, 'content-type', 'application/xml'], body };
}

/** A page to go on with. What is no address of the web is ignored, as by S3. */
function redirection(fields: Fields, told: Readonly<Record<string, string>>): string | undefined {
  const wanted = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (wanted === undefined || !URL.canParse(wanted)) return undefined;
  const url = new URL(wanted);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value);
  return url.href;
}
