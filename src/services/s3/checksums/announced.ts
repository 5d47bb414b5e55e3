/** What a request says of its body's checksum: a value in a header, a trailer to come, or an algorithm to compute with. */
import type { RequestContext } from '../../../aws/operation.ts';
import { invalidRequest, s3Error } from '../errors.ts';
import { type AlgorithmName, algorithmNames, algorithms, isAlgorithm } from './algorithms.ts';

export interface Announced {
  readonly algorithm: AlgorithmName;
  /** Base64, when it is known before the body. */
  readonly value: string | undefined;
  /** It comes after the body, and has to. */
  readonly trailing?: boolean;
}

/** Newer algorithms than this server knows; to keep what cannot be checked would be to pretend. */
const unknownHeader = /^x-amz-checksum-(sha512|md5|xxhash\w+)$/;

export function announcedChecksum({ headers }: Pick<RequestContext, 'headers'>): Announced | undefined {
  const given = algorithmNames.filter((name) => headers[`x-amz-checksum-${algorithms[name].header}`] !== undefined);
  const trailing = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const trailed = algorithmNames.filter((name) => trailing.includes(`x-amz-checksum-${algorithms[name].header}`));
  if (given.length + trailed.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const strange = [...Object.keys(headers), ...trailing].find((name) => unknownHeader.test(name));
  if (strange !== undefined) throw s3Error('NotImplemented', `The checksum ${strange} is not implemented`, 501);
  const [name] = given;
  if (name !== undefined) return { algorithm: name, value: checked(name, headers) };
  const [later] = trailed;
  if (later !== undefined) return { algorithm: later, value: undefined, trailing: true };
  return named(headers['x-amz-sdk-checksum-algorithm'] ?? headers['x-amz-checksum-algorithm']);
}

/** An algorithm by its name alone: the server computes. */
export function named(text: string | undefined): Announced | undefined {
  if (text === undefined) return undefined;
  const name = text.toUpperCase();
  if (isAlgorithm(name)) return { algorithm: name, value: undefined };
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: ' +
      `[${algorithmNames.join(', ')}]`,
  );
}

function checked(name: AlgorithmName, headers: RequestContext['headers']): string {
  const header = `x-amz-checksum-${algorithms[name].header}`;
  const value = headers[header] ?? '';
  if (Buffer.from(value, 'base64').length === algorithms[name].bytes) return value;
  throw invalidRequest(`Value for ${header} header is invalid.`);
}
