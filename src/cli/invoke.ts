/** `lambent invoke FUNCTION`: one event in; the answer on standard output, the end of the log on standard error. */
import { readFile } from 'node:fs/promises';
import { encoded } from '../aws/sigv4/sign.ts';
import type { Arguments } from '../config/flags.ts';
import { UsageError } from '../config/flags.ts';
import { type Client, clientFor, type Reply } from './client.ts';
import { type Command, type Outside, serverFlags } from './command.ts';
import { CommandError, exitCodes } from './exit.ts';
import { printable, styleFor } from './text.ts';

export const invoke: Command = {
  operands: 'FUNCTION',
  operandCount: { min: 1, max: 1 },
  about:
    'Sends an event to a function and prints its answer. The end of its log goes to standard error. Exit code 2 when ' +
    'the function failed.',
  flags: {
    payload: { placeholder: 'JSON|@FILE|-', short: 'p', says: 'The event: JSON text, a file, or standard input ({})' },
    event: { says: 'Do not wait: the server accepts the event, keeps it, and runs it later' },
    qualifier: { placeholder: 'NAME', says: 'Version or alias ($LATEST)' },
    quiet: { short: 'q', says: 'No log' },
    endpoint: serverFlags.endpoint,
    region: serverFlags.region,
  },
  examples: [
    [`lambent invoke hello --payload '{"name":"you"}'`, 'An event from the command line'],
    ['lambent invoke hello --payload @event.json | jq', 'From a file, the answer into another program'],
    ['lambent invoke hello --event --payload @event.json', 'Accepted now, run later'],
  ],
  async run(given, outside) {
    const [name = ''] = given.positionals;
    const payload = await payloadOf(given.flags.payload, outside);
    const reply = await sent(clientFor(given, outside), name, payload, given);
    if (given.flags.event) {
      outside.stderr.write(`Accepted: ${reply.headers['x-amzn-requestid'] ?? ''}\n`);
      return exitCodes.ok;
    }
    showLog(reply, given, outside);
    outside.stdout.write(reply.body);
    if (outside.stdout.isTTY) outside.stdout.write('\n');
    return reply.headers['x-amz-function-error'] === undefined ? exitCodes.ok : exitCodes.functionFailed;
  },
};

async function payloadOf(given: string | boolean | undefined, { stdin }: Outside): Promise<Buffer> {
  if (typeof given !== 'string') return Buffer.from('{}');
  if (given === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  if (given.startsWith('@')) return fileContent(given.slice(1));
  try {
    JSON.parse(given);
  } catch {
    throw new UsageError(`Cannot use --payload ${given.slice(0, 60)}: it is not JSON; a file is given as @FILE`);
  }
  return Buffer.from(given);
}

async function fileContent(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(exitCodes.data, `Cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

function sent(client: Client, name: string, payload: Buffer, { flags }: Arguments): Promise<Reply> {
  return client.call({
    method: 'POST',
    path: `/2015-03-31/functions/${encoded(name)}/invocations`,
    query: { Qualifier: typeof flags.qualifier === 'string' ? flags.qualifier : undefined },
    service: 'lambda',
    headers: {
      'content-type': 'application/json',
      'x-amz-invocation-type': flags.event ? 'Event' : 'RequestResponse',
      ...(!flags.event && { 'x-amz-log-type': 'Tail' }),
    },
    body: payload,
  });
}

function showLog(reply: Reply, { flags }: Arguments, { stderr, env }: Outside): void {
  const style = styleFor(stderr, env);
  const failure = reply.headers['x-amz-function-error'];
  const tail = reply.headers['x-amz-log-result'];
  if (tail !== undefined && !flags.quiet) {
    const log = printable(Buffer.from(tail, 'base64').toString()).trimEnd();
    stderr.write(`${style.faint(log)}\n`);
  }
  if (failure !== undefined) stderr.write(`${style.bad('lambent:')} the function failed (${printable(failure)})\n`);
}
