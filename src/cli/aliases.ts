/** `lambent aliases FUNCTION`: names for versions: what there is, `set`, and `delete`. */

import { encoded } from '../aws/sigv4/sign.ts';
import { UsageError } from '../config/flags.ts';
import { type Client, clientFor, RefusedError, textOf } from './client.ts';
import { type Command, type Outside, serverFlags } from './command.ts';
import { everyPage } from './every-page.ts';
import { exitCodes } from './exit.ts';
import { functionPath, jsonBody } from './lambda-request.ts';
import { askedRoute, routesOf, routeText } from './routes.ts';
import { columns, printable, styleFor } from './text.ts';

export const aliases: Command = {
  operands: 'FUNCTION [set ALIAS VERSION [VERSION=WEIGHT] | delete ALIAS]',
  operandCount: { min: 1, max: 6 },
  about:
    'Lists the aliases of a function: names that are invoked like a version, and lead to one. `set` makes an alias or ' +
    'moves it; with a second version, that one gets its share of the invocations and the first the rest.',
  flags: {
    description: { placeholder: 'TEXT', says: 'With set: what the alias is for' },
    ...serverFlags,
  },
  examples: [
    ['lambent aliases hello set live 2', 'From now on, live is version 2'],
    ['lambent aliases hello set live 2 3=10%', 'One in ten gets version 3'],
    ['lambent invoke hello --qualifier live', 'Invoke what it leads to'],
    ['lambent aliases hello delete live', 'No more such name'],
  ],
  async run(given, outside) {
    const [name = '', action, alias = '', ...route] = given.positionals;
    const client = clientFor(given, outside);
    const json = given.flags.json === true;
    if (action === undefined) return list(client, name, json, outside);
    if (action !== 'set' && action !== 'delete') {
      throw new UsageError(`Cannot ${action} an alias: expected set or delete`);
    }
    if (alias === '') throw new UsageError(`ALIAS is missing: which one to ${action}`);
    if (action === 'delete' && route.length > 0)
      throw new UsageError(`Cannot use ${route[0]}: nothing is expected there`);
    if (action === 'delete') return remove(client, name, alias);
    const description = textOf(given.flags.description);
    const set = await setAlias(client, name, alias, { ...askedRoute(route), Description: description });
    const line = `${textOf(set.AliasArn)} ${routeText(routesOf(set))}`;
    outside.stdout.write(json ? `${JSON.stringify(set, null, 2)}\n` : `${printable(line)}\n`);
    return exitCodes.ok;
  },
};

/** Moves the alias, or makes it. */
export async function setAlias(client: Client, name: string, alias: string, input: object) {
  const path = `${functionPath(name)}/aliases`;
  try {
    return await client.json({ ...jsonBody(input), method: 'PUT', path: `${path}/${encoded(alias)}` });
  } catch (error) {
    const isNew = error instanceof RefusedError && error.status === 404 && error.message.includes('Alias not found');
    if (!isNew) throw error;
    return client.json({ ...jsonBody({ Name: alias, ...input }), method: 'POST', path });
  }
}

/** The API is content when there is none; a person who mistyped is not. */
async function remove(client: Client, name: string, alias: string): Promise<number> {
  const path = `${functionPath(name)}/aliases/${encoded(alias)}`;
  await client.call({ method: 'GET', path, service: 'lambda' });
  await client.call({ method: 'DELETE', path, service: 'lambda' });
  return exitCodes.ok;
}

async function list(client: Client, name: string, json: boolean, outside: Outside): Promise<number> {
  const found = await everyPage(client, `${functionPath(name)}/aliases`, 'Aliases');
  if (json) {
    outside.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return exitCodes.ok;
  }
  if (found.length === 0) {
    outside.stdout.write(`No aliases yet; create one with: lambent aliases ${printable(name)} set ALIAS VERSION\n`);
    return exitCodes.ok;
  }
  const style = styleFor(outside.stdout, outside.env);
  const rows = found.map((alias) =>
    [textOf(alias.Name) ?? '?', routeText(routesOf(alias)), textOf(alias.Description) ?? ''].map(printable),
  );
  outside.stdout.write(`${columns([['Alias', 'Versions', 'Description'].map(style.strong), ...rows])}\n`);
  return exitCodes.ok;
}
