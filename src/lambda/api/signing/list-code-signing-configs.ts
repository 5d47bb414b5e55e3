import { everyEntry } from '../../model/resources.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderConfig } from './config.ts';

export function listCodeSigningConfigs({ resources }: LambdaParts): LambdaOperation<'ListCodeSigningConfigs'> {
  return {
    handle(input, { accountId, region }) {
      const scope = (after = '') => ({ accountId, region, owner: '', after: { owner: '', name: after } });
      const { items, nextMarker } = pageOf(input, {
        operation: 'ListCodeSigningConfigs',
        read: (after, limit) => everyEntry(resources, 'code-signing-config', scope(after)).take(limit).toArray(),
        position: ({ key }) => key.name,
      });
      const place = { accountId, region };
      return { CodeSigningConfigs: items.map(({ value }) => renderConfig(place, value)), NextMarker: nextMarker };
    },
  };
}
