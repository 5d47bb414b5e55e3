import { remove } from '../../model/resources.ts';
import { addressKey, urlKey } from '../../model/url.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingUrl, urlNotFound } from './url-target.ts';

/** 404 the second time (reference: lambda-semantics 1.1). */
export function deleteFunctionUrlConfig(parts: LambdaParts): LambdaOperation<'DeleteFunctionUrlConfig'> {
  return {
    async handle(input, context) {
      const { key, alias, url } = existingUrl(parts, input, context);
      const written = await parts.resources.write([
        remove('function-url', urlKey(key, alias), 'present'),
        remove('url-address', addressKey(url.id)),
      ]);
      if (!written) throw urlNotFound();
      return {};
    },
  };
}
