import { resourceConflict } from '../../model/errors.ts';
import { functionArn } from '../../model/function.ts';
import { put } from '../../model/resources.ts';
import { addressKey, checkedCors, type FunctionUrl, renderUrl, urlKey } from '../../model/url.ts';
import { writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { urlTarget } from './url-target.ts';

/** The id is random and never comes again, so that an address that was deleted stays nobody's. */
export function createFunctionUrlConfig(parts: LambdaParts): LambdaOperation<'CreateFunctionUrlConfig'> {
  const { resources, random, clock, turns } = parts;
  return {
    async handle(input, context) {
      const { key, alias } = urlTarget(parts, input, context);
      const cors = input.Cors && checkedCors(input.Cors);
      const place = urlKey(key, alias);
      const now = clock.now();
      const url: FunctionUrl = {
        id: random.hex(16),
        authType: input.AuthType ?? 'AWS_IAM',
        invokeMode: input.InvokeMode ?? 'BUFFERED',
        cors,
        createdAt: now,
        lastModified: now,
      };
      const address = { accountId: key.accountId, region: key.region, functionName: key.name, alias };
      return turns.take(`url ${functionArn(key, alias)}`, async () => {
        if (resources.get('function-url', place) !== undefined) throw taken(functionArn(key));
        await writeOwned(parts, key, [
          put('function-url', place, url),
          put('url-address', addressKey(url.id), address),
        ]);
        const { LastModifiedTime: _, ...shown } = renderUrl(url, { key, alias, endpoint: context.endpoint });
        return shown;
      });
    },
  };
}

function taken(arn: string): Error {
  return resourceConflict(
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  );
}
