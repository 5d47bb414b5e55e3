/** `lambent deploy DIR`: package a folder, create or update its function, wait until it answers to its name. */
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Arguments, UsageError } from '../config/flags.ts';
import { setAlias } from './aliases.ts';
import { type Client, clientFor, isObject, RefusedError, textOf } from './client.ts';
import { type Command, type Outside, serverFlags } from './command.ts';
import { usualRole, wantsAnotherRole } from './execution-role.ts';
import { CommandError, exitCodes } from './exit.ts';
import { functionUrl, openFunctionUrl } from './function-url.ts';
import { type Guess, guess } from './guess.ts';
import { functionPath, jsonBody } from './lambda-request.ts';
import { packageFolder } from './package-folder.ts';
import { bytes, printable, styleFor } from './text.ts';
import { untilReady, untilSettled } from './until-ready.ts';
import { publish } from './versions.ts';

const defaultRole = 'arn:aws:iam::000000000000:role/lambent';

export const deploy: Command = {
  operands: 'DIR',
  operandCount: { min: 1, max: 1 },
  about:
    'Packages a folder as it is (install its dependencies first), creates the function or updates it, waits until it ' +
    'is ready and prints its ARN, and its URL if it has one.',
  flags: {
    name: { placeholder: 'NAME', short: 'n', says: "The function's name (the folder's)" },
    runtime: { placeholder: 'ID', says: 'As nodejs24.x or python3.13 (guessed from the files)' },
    handler: {
      placeholder: 'FILE.NAME',
      says: 'What to call (guessed: index.handler, lambda_function.lambda_handler)',
    },
    memory: { placeholder: 'MB', says: 'Memory, 128 to 10240 (128)' },
    timeout: { placeholder: 'SECONDS', says: 'Longest time an event may take, 1 to 900 (3)' },
    env: { placeholder: 'KEY=VALUE', short: 'e', multiple: true, says: 'A variable; may be repeated; replaces all' },
    role: {
      placeholder: 'ARN',
      says: 'Execution role (lambent, which may write logs; made where roles have to exist)',
    },
    publish: { says: 'Publish a version of it, and print the ARN of that' },
    alias: { placeholder: 'NAME', says: 'Publish a version, lead this alias to it, and print its ARN' },
    url: { says: 'Make a URL that anybody may call, unless it has one, and print it' },
    ...serverFlags,
  },
  examples: [
    ['lambent deploy ./hello', 'The name, runtime and handler come from the folder'],
    ['lambent deploy ./hello --memory 512 --timeout 30 --env STAGE=dev', 'With a configuration'],
    ['lambent deploy ./hello --url', 'With a URL for browsers'],
    ['lambent deploy ./hello --alias live', 'Whoever invokes live gets this from now on'],
  ],
  async run(given, outside) {
    const folder = resolve(given.positionals[0] ?? '');
    const wanted = await wantedFrom(given, folder);
    const client = clientFor(given, outside);
    const say = (line: string) => outside.stderr.write(`${styleFor(outside.stderr, outside.env).faint(line)}\n`);
    const content = await packageFolder(folder);
    say(`${content.files} files, ${bytes(content.unzippedBytes)}, ${bytes(content.zip.length)} zipped`);
    const latest = (await exists(client, wanted.name))
      ? await update(client, wanted, content.zip, outside)
      : await create(client, wanted, content.zip, outside, await runtimeFor(wanted, folder, say));
    const functionArn = (await published(client, wanted.name, given, outside)) ?? latest;
    const qualified = { name: wanted.name, alias: textOf(given.flags.alias) };
    const url = await (given.flags.url ? openFunctionUrl : functionUrl)(client, qualified);
    const lines = [functionArn, ...(url === undefined ? [] : [url])].map(printable);
    outside.stdout.write(given.flags.json ? `${JSON.stringify({ functionArn, url })}\n` : `${lines.join('\n')}\n`);
    return exitCodes.ok;
  },
};

/** What the command line asks for; members that it does not name are left alone in an update. */
interface Wanted {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

async function wantedFrom({ flags, lists }: Arguments, folder: string): Promise<Wanted> {
  const variables = lists.env?.map(variable);
  return {
    name: textOf(flags.name) ?? basename(folder),
    settings: {
      ...(flags.runtime !== undefined && { Runtime: flags.runtime }),
      ...(flags.handler !== undefined && { Handler: flags.handler }),
      ...(flags.memory !== undefined && { MemorySize: wholeNumber('--memory', flags.memory) }),
      ...(flags.timeout !== undefined && { Timeout: wholeNumber('--timeout', flags.timeout) }),
      ...(flags.role !== undefined && { Role: flags.role }),
      ...(variables !== undefined && { Environment: { Variables: Object.fromEntries(variables) } }),
    },
  };
}

function variable(given: string): [string, string] {
  const at = given.indexOf('=');
  if (at < 1) throw new UsageError(`Cannot use --env ${JSON.stringify(given)}: expected KEY=VALUE`);
  return [given.slice(0, at), given.slice(at + 1)];
}

function wholeNumber(flag: string, given: string | boolean): number {
  if (typeof given === 'string' && /^\d{1,6}$/.test(given)) return Number(given);
  throw new UsageError(`Cannot use ${flag} ${given}: expected a whole number`);
}

async function exists(client: Client, name: string): Promise<boolean> {
  try {
    await client.json({ method: 'GET', path: `${functionPath(name)}/configuration`, service: 'lambda' });
    return true;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return false;
    throw error;
  }
}

async function create(client: Client, wanted: Wanted, zip: Buffer, outside: Outside, guessed: Guess): Promise<string> {
  const createWith = (Role: string) =>
    client.json({
      ...jsonBody({
        FunctionName: wanted.name,
        Role,
        Runtime: guessed.runtime,
        Handler: guessed.handler,
        ...wanted.settings,
        Code: { ZipFile: zip.toString('base64') },
      }),
      method: 'POST',
      path: '/2015-03-31/functions',
    });
  try {
    await createWith(defaultRole);
  } catch (error) {
    if (wanted.settings.Role !== undefined || !wantsAnotherRole(error)) throw error;
    await createWith(await usualRole(client));
  }
  return untilReady(client, wanted.name, outside);
}

async function update(client: Client, wanted: Wanted, zip: Buffer, outside: Outside): Promise<string> {
  // A change is refused while the one before it is under way; one that failed may be what this one puts right.
  await untilSettled(client, wanted.name, outside);
  const path = functionPath(wanted.name);
  await client.json({ ...jsonBody({ ZipFile: zip.toString('base64') }), method: 'PUT', path: `${path}/code` });
  const arn = await untilReady(client, wanted.name, outside);
  if (Object.keys(wanted.settings).length === 0) return arn;
  await client.json({ ...jsonBody(wanted.settings), method: 'PUT', path: `${path}/configuration` });
  return untilReady(client, wanted.name, outside);
}

/** The ARN of the version or the alias that was asked for. */
async function published(
  client: Client,
  name: string,
  { flags }: Arguments,
  outside: Outside,
): Promise<string | undefined> {
  const alias = textOf(flags.alias);
  if (alias === undefined && !flags.publish) return undefined;
  const version = await publish(client, name, undefined, outside);
  if (alias === undefined) return textOf(version.FunctionArn);
  const RoutingConfig = { AdditionalVersionWeights: {} };
  const set = await setAlias(client, name, alias, { FunctionVersion: version.Version, RoutingConfig });
  return textOf(set.AliasArn);
}

async function runtimeFor({ settings }: Wanted, folder: string, say: (line: string) => void): Promise<Guess> {
  const files = await readdir(folder);
  const guessed = guess({ files, main: await mainOf(folder), python: pythonVersion() });
  const runtime = textOf(settings.Runtime) ?? guessed?.runtime;
  const handler = textOf(settings.Handler) ?? guessed?.handler;
  if (runtime === undefined || handler === undefined) {
    throw new CommandError(
      exitCodes.usage,
      `Cannot tell what ${folder} is from its files: give --runtime and --handler`,
    );
  }
  if (runtime !== settings.Runtime || handler !== settings.Handler) say(`runtime ${runtime}, handler ${handler}`);
  return { runtime, handler };
}

async function mainOf(folder: string): Promise<string | undefined> {
  const content = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  try {
    const description: unknown = JSON.parse(content);
    return isObject(description) ? textOf(description.main) : undefined;
  } catch {
    throw new CommandError(exitCodes.data, `Cannot read ${join(folder, 'package.json')}: it is not JSON`);
  }
}

/** The server usually runs on this machine, so what is here is what it has. */
function pythonVersion(): string | undefined {
  const { stdout } = spawnSync('python3', ['--version'], { encoding: 'utf8', timeout: 3000 });
  return /^Python (3\.\d+)/.exec(stdout ?? '')?.[1];
}
