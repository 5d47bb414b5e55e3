import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingConfig, functionsWith } from './config.ts';

export function listFunctionsByCodeSigningConfig({
  resources,
}: LambdaParts): LambdaOperation<'ListFunctionsByCodeSigningConfig'> {
  return {
    handle({ CodeSigningConfigArn: arn = '', ...page }, { accountId, region }) {
      const place = { accountId, region };
      existingConfig(resources, arn, place);
      const { items, nextMarker } = pageOf(page, {
        operation: 'ListFunctionsByCodeSigningConfig',
        read: (after, limit) => functionsWith(resources, place, arn, after).take(limit).toArray(),
        position: ({ name }) => name,
      });
      return { FunctionArns: items.map((each) => each.arn), NextMarker: nextMarker };
    },
  };
}
