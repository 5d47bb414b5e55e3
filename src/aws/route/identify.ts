/**
 * Which service and operation a request means. One endpoint serves all of AWS, so the request itself must tell; the order
 * of the questions matters (reference: protocols-and-stores A4).
 */
import { decodePart, parseQuery } from '../codec/uri.ts';
import { AwsError } from '../errors.ts';
import type { Protocol } from '../model.ts';
import { serviceModel, services } from '../models.ts';
import { joined } from '../protocol/query.ts';
import type { Scope } from '../sigv4/signature.ts';
import { emptyBody } from '../wire.ts';
import { RestTrie } from './trie.ts';

export interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the signature, if there is one. */
  readonly scope: Scope | undefined;
}

export interface Identified {
  readonly service: string;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The error's protocol and service are as good as could be told. */
export interface Unidentified {
  readonly service: string | undefined;
  readonly protocol: Protocol;
  readonly error: AwsError;
}

/** A form, whose operation stands in the body. */
export interface InBody {
  readonly service: string | undefined;
  readonly protocol: 'awsQuery';
  readonly form: true;
}

const noLabels = {};

const byTarget = new Map<string, string>();
const bySigningName = new Map<string, string[]>();
for (const [service, { targetPrefix, signingName }] of Object.entries(services)) {
  if (targetPrefix !== undefined) byTarget.set(targetPrefix, service);
  bySigningName.set(signingName, [...(bySigningName.get(signingName) ?? []), service]);
}

export function identify(head: Head): Identified | Unidentified | InBody {
  const { headers, path } = head;
  const target = headers['x-amz-target'];
  if (target !== undefined) return byTargetHeader(target, headers['content-type'] ?? '');
  if (headers['smithy-protocol'] !== undefined || path.startsWith('/service/')) {
    const rpc = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path);
    if (rpc !== null) return byRpcPath(rpc[1] ?? '', rpc[2] ?? '');
  }
  if (head.scope !== undefined) return byScope(head, head.scope);
  if ((path === '/' || isQueuePath(path)) && isForm(head)) {
    // All that a link says is in its URL.
    if (head.method === 'GET') return identifyForm(head, undefined, emptyBody);
    return { service: undefined, protocol: 'awsQuery', form: true };
  }
  // Only Lambda starts its paths with a date; a bucket can be named so, but not hold such a key by accident.
  if (/^\/20\d\d-\d\d-\d\d\//.test(path)) return byPath('lambda', head);
  return byPath('s3', head);
}

function byTargetHeader(target: string, contentType: string): Identified | Unidentified {
  const dot = target.lastIndexOf('.');
  const service = byTarget.get(target.slice(0, dot));
  const operation = target.slice(dot + 1);
  const asked: Protocol = contentType.startsWith('application/x-amz-json-1.0') ? 'awsJson1.0' : 'awsJson1.1';
  if (service === undefined) return { service, protocol: asked, error: unknownOperation() };
  const protocol = contentType.startsWith('application/x-amz-cbor-1.1')
    ? 'cbor1.1'
    : (services[service]?.protocols.find((one) => one.startsWith('awsJson')) ?? asked);
  return checked({ service, protocol, operation, labels: noLabels });
}

function byRpcPath(name: string, operation: string): Identified | Unidentified {
  const service = byTarget.get(name);
  if (service === undefined) return { service, protocol: 'rpcv2Cbor', error: unknownOperation() };
  return checked({ service, protocol: 'rpcv2Cbor', operation, labels: noLabels });
}

function checked(call: Identified): Identified | Unidentified {
  if (Object.hasOwn(serviceModel(call.service).operations, call.operation)) return call;
  return { service: call.service, protocol: call.protocol, error: unknownOperation() };
}

function byScope(head: Head, scope: Scope): Identified | Unidentified | InBody {
  const [first, second] = bySigningName.get(scope.service) ?? [];
  if (first === undefined) return unmodelled(head, scope.service);
  // Two versions of API Gateway share a name; their paths do not meet.
  const service = first === 'apigateway' && second !== undefined && head.path.startsWith('/v2/') ? second : first;
  const protocols = services[service]?.protocols ?? [];
  if (protocols.includes('awsQuery') && isForm(head)) return { service, protocol: 'awsQuery', form: true };
  if (protocols.includes('restJson1') || protocols.includes('restXml')) return byPath(service, head);
  const protocol = protocols[0] ?? 'awsJson1.1';
  return { service, protocol, error: unknownOperation() };
}

function unmodelled(head: Head, service: string): Unidentified {
  const error = new AwsError({
    code: 'NotImplementedException',
    message: `Cannot serve the service "${service}": it is not implemented`,
    status: 501,
  });
  return { service: undefined, protocol: isForm(head) ? 'awsQuery' : 'restJson1', error };
}

/** `/account/name`: no bucket of S3 is named with twelve digits by accident, and presigned uploads are not unsigned. */
function isQueuePath(path: string): boolean {
  return /^\/[0-9]{12}\/[A-Za-z0-9_-]+(\.fifo)?$/.test(path);
}

/** Asked only where a query protocol is possible: a presigned upload by curl also says it is a form. */
function isForm({ headers, query, method }: Head): boolean {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return true;
  return (method === 'GET' || method === 'POST') && /(^|&)Action=/.test(query);
}

const tries = new Map<string, RestTrie>();

function byPath(service: string, head: Head): Identified | Unidentified {
  let trie = tries.get(service);
  if (trie === undefined) {
    trie = new RestTrie(serviceModel(service));
    tries.set(service, trie);
  }
  const protocol = services[service]?.protocols[0] ?? 'restJson1';
  const asked = service === 's3' ? { ...head, path: bucketPath(head) } : head;
  const own = service === 's3' ? browsersOwn(head, asked.path) : undefined;
  if (own !== undefined) return own;
  const found = trie.find(asked);
  if (found === undefined) return { service, protocol, error: service === 's3' ? notAllowed() : unknownOperation() };
  return { service, protocol, operation: found.operation, labels: found.labels };
}

/** Two requests of browsers that no model has: an upload by a form, and the question before one across origins. */
function browsersOwn({ method, headers }: Head, path: string): Identified | undefined {
  const form = method === 'POST' && headers['content-type']?.startsWith('multipart/form-data') === true;
  if (!form && method !== 'OPTIONS') return undefined;
  const { bucket, key } = bucketAndKey(path);
  if (form && key !== '') return undefined;
  const operation = form ? 'PostObject' : 'OptionsObject';
  return { service: 's3', protocol: 'restXml', operation, labels: { Bucket: bucket, Key: key } };
}

/** Of a path that starts with its bucket; decoded. */
export function bucketAndKey(path: string): { bucket: string; key: string } {
  const slash = path.indexOf('/', 1);
  const bucket = slash === -1 ? path.slice(1) : path.slice(1, slash);
  return { bucket: decodePart(bucket), key: slash === -1 ? '' : decodePart(path.slice(slash + 1)) };
}

/** `bucket.localhost/key` and `bucket.s3.…/key` are `/bucket/key`. */
export function bucketPath({ headers, path }: Pick<Head, 'headers' | 'path'>): string {
  const bucket = bucketOfHost(headers.host ?? '');
  return bucket === undefined ? path : `/${bucket}${path}`;
}

/** The shortest name before `.s3.…`, since a bucket's own name may have dots; a host that starts with `s3` has none. */
export function bucketOfHost(host: string): string | undefined {
  if (/^s3[.-]/.test(host)) return undefined;
  return /^([a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])\.(?:s3[.-][^:]*|localhost)(?::\d+)?$/.exec(host)?.[1];
}

/** Finds the operation of a form once its body is there. */
export function identifyForm(head: Head, service: string | undefined, body: Buffer): Identified | Unidentified {
  const params = new Map(parseQuery(joined(head.query, body)));
  const [operation, version] = [params.get('Action'), params.get('Version')];
  const found = service ?? serviceOfVersion(version, operation);
  if (operation === undefined) return { service: found, protocol: 'awsQuery', error: missingAction() };
  if (found === undefined || !Object.hasOwn(serviceModel(found).operations, operation)) {
    const message = `Could not find operation ${operation} for version ${version ?? 'NO_VERSION_SPECIFIED'}`;
    return {
      service: found,
      protocol: 'awsQuery',
      error: new AwsError({ code: 'InvalidAction', message, status: 400 }),
    };
  }
  return { service: found, protocol: 'awsQuery', operation, labels: noLabels };
}

/** Versions are dates and nearly unique; the operation's name settles the rest. */
function serviceOfVersion(version: string | undefined, operation: string | undefined): string | undefined {
  for (const [service, { apiVersion, protocols }] of Object.entries(services)) {
    if (apiVersion !== version || !protocols.includes('awsQuery')) continue;
    if (operation !== undefined && Object.hasOwn(serviceModel(service).operations, operation)) return service;
  }
  return undefined;
}

function unknownOperation(): AwsError {
  return new AwsError({ code: 'UnknownOperationException', message: 'Unknown operation', status: 404 });
}

function missingAction(): AwsError {
  const message = 'The request must contain the parameter Action';
  return new AwsError({ code: 'MissingAction', message, status: 400 });
}

function notAllowed(): AwsError {
  const message = 'The specified method is not allowed against this resource.';
  return new AwsError({ code: 'MethodNotAllowed', message, status: 405 });
}
