import { put } from '../../model/resources.ts';
import { checkedCors, type FunctionUrl, renderUrl, urlKey } from '../../model/url.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingUrl, urlNotFound } from './url-target.ts';

/** Cors is replaced as a whole, and cleared by an empty one; the address stays. */
export function updateFunctionUrlConfig(parts: LambdaParts): LambdaOperation<'UpdateFunctionUrlConfig'> {
  const { resources, clock } = parts;
  return {
    async handle(input, context) {
      const { key, alias, url } = existingUrl(parts, input, context);
      const next: FunctionUrl = {
        ...url,
        authType: input.AuthType ?? url.authType,
        invokeMode: input.InvokeMode ?? url.invokeMode,
        cors: input.Cors ? checkedCors(input.Cors) : url.cors,
        lastModified: clock.now(),
      };
      const written = await resources.write([put('function-url', urlKey(key, alias), next, 'present')]);
      if (!written) throw urlNotFound();
      return renderUrl(next, { key, alias, endpoint: context.endpoint });
    },
  };
}
