/** `lambent logs FUNCTION`: reads CloudWatch Logs, as `aws logs tail` does. */

import { encoded } from '../aws/sigv4/sign.ts';
import { UsageError } from '../config/flags.ts';
import { type Client, clientFor, isObject, numberOf, objectsOf, RefusedError, textOf } from './client.ts';
import { type Command, type Outside, serverFlags } from './command.ts';
import { exitCodes } from './exit.ts';
import { printable, styleFor } from './text.ts';

const pollMs = 500;
const defaultSince = '10m';

export const logs: Command = {
  operands: 'FUNCTION',
  operandCount: { min: 1, max: 1 },
  about: "Shows a function's log from all its environments, oldest line first.",
  flags: {
    follow: { short: 'f', says: 'Stay, and show new lines as they come; Ctrl-C ends' },
    since: { placeholder: 'DURATION', says: `How far back to start, as 30s, 10m, 2h or 7d (${defaultSince})` },
    version: { placeholder: 'NUMBER', says: 'Only lines of this version, or of $LATEST' },
    filter: { placeholder: 'PATTERN', says: 'Only lines that this CloudWatch Logs filter pattern matches' },
    ...serverFlags,
  },
  examples: [
    ['lambent logs hello --follow', 'Watch it'],
    ['lambent logs hello --since 2h --filter ERROR', 'What went wrong lately'],
    ['lambent logs hello --follow --version 3', 'How the new version does'],
  ],
  async run(given, outside) {
    const [name = ''] = given.positionals;
    const client = clientFor(given, outside);
    const since = outside.clock.now() - durationMs(textOf(given.flags.since) ?? defaultSince);
    const filter = textOf(given.flags.filter);
    const reader = new LogReader(client, await groupOf(client, name), since, filter);
    const version = textOf(given.flags.version);
    const show = onlyOf(version, given.flags.json ? asJson(outside) : asText(outside));
    await reader.read(show);
    while (given.flags.follow && !outside.signal.aborted) {
      await outside.clock.sleep(pollMs, outside.signal).catch(() => {});
      if (!outside.signal.aborted) await reader.read(show);
    }
    return exitCodes.ok;
  },
};

/** `10m` in milliseconds. */
export function durationMs(given: string): number {
  const [, amount, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(given) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ''];
  if (amount === undefined || seconds === undefined) {
    throw new UsageError(`Cannot use --since ${JSON.stringify(given)}: expected a duration, as 30s, 10m, 2h or 7d`);
  }
  return Number(amount) * seconds * 1000;
}

async function groupOf(client: Client, name: string): Promise<string> {
  const path = `/2015-03-31/functions/${encoded(name)}/configuration`;
  const { LoggingConfig } = await client.json({ method: 'GET', path, service: 'lambda' });
  return (isObject(LoggingConfig) ? textOf(LoggingConfig.LogGroup) : undefined) ?? `/aws/lambda/${name}`;
}

interface Line {
  readonly timestamp: number;
  readonly stream: string;
  readonly message: string;
}

/** Reads on from where it was. Events of the newest millisecond may still be coming, so that one is asked for again. */
class LogReader {
  readonly #client: Client;
  readonly #group: string;
  readonly #filter: string | undefined;
  #from: number;
  /** Ids of shown events that are not older than `#from`. */
  #shown = new Map<string, number>();

  constructor(client: Client, group: string, from: number, filter: string | undefined) {
    this.#client = client;
    this.#group = group;
    this.#from = from;
    this.#filter = filter;
  }

  async read(show: (line: Line) => void): Promise<void> {
    let token: string | undefined;
    do {
      const page = await this.#page(token);
      for (const event of objectsOf(page.events)) this.#take(event, show);
      const next = textOf(page.nextToken);
      token = next === token ? undefined : next;
    } while (token !== undefined);
    this.#shown = new Map([...this.#shown].filter(([, timestamp]) => timestamp >= this.#from));
  }

  #take(event: Record<string, unknown>, show: (line: Line) => void): void {
    const timestamp = numberOf(event.timestamp) ?? 0;
    const message = textOf(event.message) ?? '';
    const stream = textOf(event.logStreamName) ?? '';
    const id = textOf(event.eventId) ?? `${timestamp} ${stream} ${message}`;
    if (this.#shown.has(id)) return;
    this.#shown.set(id, timestamp);
    this.#from = Math.max(this.#from, timestamp);
    show({ timestamp, stream, message });
  }

  async #page(nextToken: string | undefined): Promise<Record<string, unknown>> {
    const input = { logGroupName: this.#group, startTime: this.#from, filterPattern: this.#filter, nextToken };
    try {
      return await this.#client.operation('logs', 'Logs_20140328.FilterLogEvents', input);
    } catch (error) {
      // A function that never ran has no log group yet.
      if (error instanceof RefusedError && error.code === 'ResourceNotFoundException') return {};
      throw error;
    }
  }
}

/** A stream is of one environment, and has its version in its name. */
function onlyOf(version: string | undefined, show: (line: Line) => void): (line: Line) => void {
  if (version === undefined) return show;
  return (line) => line.stream.includes(`[${version}]`) && show(line);
}

function asText({ stdout, env }: Outside): (line: Line) => void {
  const style = styleFor(stdout, env);
  return ({ timestamp, message }) => {
    const time = new Date(timestamp).toISOString();
    stdout.write(`${style.faint(time)} ${printable(message).trimEnd()}\n`);
  };
}

function asJson({ stdout }: Outside): (line: Line) => void {
  return (line) => stdout.write(`${JSON.stringify(line)}\n`);
}
