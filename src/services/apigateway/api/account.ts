import type { RestScope } from '../../../store/restapis/rest-record.ts';
import type { ApigatewayOperation, ApigatewayParts } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = { '/cloudwatchRoleArn': 'text' };
const settings = {
  throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
  features: ['UsagePlans'],
  apiKeyVersion: '4',
};

export function getAccount({ rest }: ApigatewayParts): ApigatewayOperation<'GetAccount'> {
  return { handle: (_, context) => ({ ...rest.accounts.get(idOf(context))?.account, ...settings }) };
}

/** Deploy tools set the role with which AWS writes logs; this server writes them without one, and keeps it. */
export function updateAccount({ rest, clock }: ApigatewayParts): ApigatewayOperation<'UpdateAccount'> {
  return {
    handle: ({ patchOperations }, context) =>
      rest.take(idOf(context), async () => {
        const { accountId, region } = context;
        const id = idOf(context);
        const account = patched(rest.accounts.get(id)?.account ?? {}, patchOperations, fields);
        await rest.commit([rest.accounts.put({ id, accountId, region, createdAt: clock.now(), account })]);
        return { ...account, ...settings };
      }),
  };
}

function idOf({ accountId, region }: RestScope): string {
  return `${accountId}/${region}`;
}
