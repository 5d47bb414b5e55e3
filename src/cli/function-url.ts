/** A function's URL: which it is, and making one that anybody may call. */

import { encoded } from '../aws/sigv4/sign.ts';
import { type Client, RefusedError, textOf } from './client.ts';
import { jsonBody } from './lambda-request.ts';

export interface Qualified {
  readonly name: string;
  /** A URL belongs to the function, or to one alias of it. */
  readonly alias?: string;
}

/** Undefined when there is none. */
export async function functionUrl(client: Client, { name, alias }: Qualified): Promise<string | undefined> {
  const query = { Qualifier: alias };
  try {
    const config = await client.json({ method: 'GET', path: urlPath(name), query, service: 'lambda' });
    return textOf(config.FunctionUrl);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

/** Without a signature: for browsers and whoever else. The one that is there already stays as it is. */
export async function openFunctionUrl(client: Client, qualified: Qualified): Promise<string | undefined> {
  const known = await functionUrl(client, qualified);
  if (known !== undefined) return known;
  const query = { Qualifier: qualified.alias };
  const path = urlPath(qualified.name);
  const made = await client.json({ ...jsonBody({ AuthType: 'NONE' }), method: 'POST', path, query });
  for (const statement of statements) await permit(client, qualified, statement);
  return textOf(made.FunctionUrl);
}

/** Named as AWS's console names them; a URL needs both. */
const statements = [
  {
    StatementId: 'FunctionURLAllowPublicAccess',
    Action: 'lambda:InvokeFunctionUrl',
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
  },
  {
    StatementId: 'FunctionURLInvokeAllowPublicAccess',
    Action: 'lambda:InvokeFunction',
    Principal: '*',
    InvokedViaFunctionUrl: true,
  },
];

async function permit(client: Client, { name, alias }: Qualified, statement: object): Promise<void> {
  const path = `/2015-03-31/functions/${encoded(name)}/policy`;
  try {
    await client.json({ ...jsonBody(statement), method: 'POST', path, query: { Qualifier: alias } });
  } catch (error) {
    // An earlier URL left it.
    if (!(error instanceof RefusedError) || error.status !== 409) throw error;
  }
}

function urlPath(name: string): string {
  return `/2021-10-31/functions/${encoded(name)}/url`;
}
