import { renderUrl } from '../../model/url.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingUrl } from './url-target.ts';

export function getFunctionUrlConfig(parts: LambdaParts): LambdaOperation<'GetFunctionUrlConfig'> {
  return {
    handle(input, context) {
      const { key, alias, url } = existingUrl(parts, input, context);
      return renderUrl(url, { key, alias, endpoint: context.endpoint });
    },
  };
}
