/** `lambent versions FUNCTION`: what was published, and publishing. */
import { UsageError } from '../config/flags.ts';
import { type Client, clientFor, numberOf, textOf } from './client.ts';
import { type Command, type Outside, serverFlags } from './command.ts';
import { everyPage } from './every-page.ts';
import { exitCodes } from './exit.ts';
import { functionPath, jsonBody } from './lambda-request.ts';
import { percent, routesOf } from './routes.ts';
import { bytes, columns, printable, styleFor } from './text.ts';
import { untilReady } from './until-ready.ts';

export const versions: Command = {
  operands: 'FUNCTION',
  operandCount: { min: 1, max: 1 },
  about:
    'Lists what was published of a function and which aliases lead to it. A version keeps the code and configuration ' +
    'that it was published with. With --publish, makes one of what $LATEST is now and prints its ARN; when nothing ' +
    'changed since the last one, that of the last one.',
  flags: {
    publish: { says: 'Publish $LATEST, once nothing is under way' },
    description: { placeholder: 'TEXT', says: "With --publish: the version's own description" },
    delete: { placeholder: 'NUMBER', says: 'Delete a version that no alias leads to' },
    ...serverFlags,
  },
  examples: [
    ['lambent versions hello', 'What was published'],
    ['lambent versions hello --publish --description stable', 'One more'],
    ['lambent versions hello --delete 3', 'One fewer'],
  ],
  async run(given, outside) {
    const [name = ''] = given.positionals;
    const client = clientFor(given, outside);
    if (given.flags.delete !== undefined) return deleteOne(client, name, String(given.flags.delete));
    if (!given.flags.publish && given.flags.description !== undefined) {
      throw new UsageError('Cannot use --description alone: it describes what --publish makes');
    }
    if (!given.flags.publish) return list(client, name, given.flags.json === true, outside);
    const published = await publish(client, name, textOf(given.flags.description), outside);
    const arn = textOf(published.FunctionArn) ?? '';
    outside.stdout.write(given.flags.json ? `${JSON.stringify(published, null, 2)}\n` : `${printable(arn)}\n`);
    return exitCodes.ok;
  },
};

/** The version's configuration. Waits first: what is still being made ready cannot be published. */
export async function publish(client: Client, name: string, description: string | undefined, outside: Outside) {
  await untilReady(client, name, outside);
  const body = jsonBody({ Description: description });
  return client.json({ ...body, method: 'POST', path: `${functionPath(name)}/versions` });
}

async function deleteOne(client: Client, name: string, version: string): Promise<number> {
  await client.call({ method: 'DELETE', path: functionPath(name), query: { Qualifier: version }, service: 'lambda' });
  return exitCodes.ok;
}

async function list(client: Client, name: string, json: boolean, outside: Outside): Promise<number> {
  const found = await everyPage(client, `${functionPath(name)}/versions`, 'Versions');
  if (json) {
    outside.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return exitCodes.ok;
  }
  const aliases = await everyPage(client, `${functionPath(name)}/aliases`, 'Aliases');
  const style = styleFor(outside.stdout, outside.env);
  const head = ['Version', 'Aliases', 'Code', 'Memory', 'Timeout', 'Changed', 'Description'].map(style.strong);
  const rows = found.map((version) => rowOf(version, aliases));
  outside.stdout.write(`${columns([head, ...rows], new Set([2, 3, 4]))}\n`);
  return exitCodes.ok;
}

function rowOf(configuration: Record<string, unknown>, aliases: readonly Record<string, unknown>[]): string[] {
  const version = textOf(configuration.Version) ?? '?';
  return [
    version,
    leadingTo(version, aliases).join(', '),
    bytes(numberOf(configuration.CodeSize) ?? 0),
    `${numberOf(configuration.MemorySize) ?? '?'} MB`,
    `${numberOf(configuration.Timeout) ?? '?'} s`,
    (textOf(configuration.LastModified) ?? '').slice(0, 19),
    textOf(configuration.Description) ?? '',
  ].map(printable);
}

/** `live`, or `live 10%` where it has a part of the invocations. */
function leadingTo(version: string, aliases: readonly Record<string, unknown>[]): string[] {
  return aliases.flatMap((alias) => {
    const route = routesOf(alias).find((each) => each.version === version);
    if (route === undefined) return [];
    return [route.share === 1 ? (textOf(alias.Name) ?? '?') : `${textOf(alias.Name)} ${percent(route.share)}`];
  });
}
