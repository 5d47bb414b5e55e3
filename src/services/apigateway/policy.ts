import type { RestApiRecord } from '../../store/restapis/rest-record.ts';

/** `execute-api:/stage/…` in the policy of an API is short for what is of this API. */
export function wholePolicy(
  policy: string,
  { id, accountId, region }: Pick<RestApiRecord, 'id' | 'accountId' | 'region'>,
): string {
  return policy.replaceAll('"execute-api:/', `"arn:aws:execute-api:${region}:${accountId}:${id}/`);
}
