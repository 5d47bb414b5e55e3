import { policyOf } from '../../iam/policy/policy.ts';
import type { ModelDocument, RestApiRecord } from '../../store/restapis/rest-record.ts';
import { badRequest, conflict } from './parts.ts';
import { wholePolicy } from './policy.ts';

const typePattern = /^[\w.+*-]+\/[\w.+*-]+$|^\*$/;
const compressionMax = 10 * 1024 * 1024;

export function checkSettings(record: RestApiRecord): void {
  const { api } = record;
  const { name = '', binaryMediaTypes = [], minimumCompressionSize: size, apiKeySource = '' } = api;
  if (name.trim() === '') throw badRequest("API name can't be empty");
  if (name.length > 1024) throw badRequest('API name is too long: it has at most 1024 characters');
  if (!['HEADER', 'AUTHORIZER'].includes(apiKeySource)) throw badRequest('Invalid API key source specified');
  for (const type of binaryMediaTypes) {
    if (!typePattern.test(type)) throw badRequest(`Invalid binary media type specified: ${type}`);
  }
  if (size !== undefined && (size < 0 || size > compressionMax)) {
    throw badRequest(`Invalid minimum compression size, must be between 0 and ${compressionMax}`);
  }
  if (new Set(binaryMediaTypes).size !== binaryMediaTypes.length) throw conflict('Binary media type already exists');
  checkPolicy(record);
  checkEndpoint(api);
}

function checkPolicy(record: RestApiRecord): void {
  const { policy } = record.api;
  if (policy === undefined || policy === '') return;
  try {
    policyOf(wholePolicy(policy, record), 'resource');
  } catch {
    throw badRequest('Invalid policy document. Please check the policy syntax and ensure that Principals are valid.');
  }
}

function checkEndpoint({ endpointConfiguration: { types = [] } = {} }: RestApiRecord['api']): void {
  const [type, ...others] = types;
  if (others.length > 0) throw badRequest('Invalid EndpointTypes specified: there must be one');
  if (!['EDGE', 'REGIONAL', 'PRIVATE'].includes(type ?? '')) throw badRequest('Invalid EndpointTypes specified');
}

/** JSON alone is looked at: another content type is described in a language that we do not read. */
export function checkSchema({ contentType, schema }: ModelDocument): void {
  if (schema === undefined || schema === '' || !/json/i.test(contentType ?? '')) return;
  try {
    const value: unknown = JSON.parse(schema);
    if (typeof value === 'object' && value !== null) return;
  } catch {
    // Said below.
  }
  throw badRequest(
    'Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. Unsupported JSON]',
  );
}
