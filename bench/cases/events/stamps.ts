/** When handlers began, as function `stamp` says it in its log. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, objectsOf, textOf } from '../../../src/cli/client.ts';

const logMsMax = 20_000;

/** In milliseconds of the machine's monotonic clock, in the order of `names`; waits until each has been seen. */
export async function stampsOf(client: Client, functionName: string, names: readonly string[]): Promise<number[]> {
  const giveUpAt = performance.now() + logMsMax;
  for (;;) {
    const stamps = await read(client, functionName);
    const found = names.flatMap((name) => stamps.get(name) ?? []);
    if (found.length === names.length) return found;
    if (performance.now() > giveUpAt) throw new Error(`${functionName} saw ${found.length} of ${names.length} events`);
    await sleep(200);
  }
}

/** By name; what came twice counts when it came first. */
async function read(client: Client, functionName: string): Promise<Map<string, number>> {
  const stamps = new Map<string, number>();
  const query = { logGroupName: `/aws/lambda/${functionName}`, filterPattern: 'at' };
  let nextToken: string | undefined;
  do {
    const page = await client.operation('logs', 'Logs_20140328.FilterLogEvents', { ...query, nextToken });
    for (const { message } of objectsOf(page.events)) {
      const [, at, names] = /\bat (\d+) (\S.*)/.exec(String(message)) ?? [];
      for (const name of names?.split(' ') ?? []) stamps.set(name, stamps.get(name) ?? Number(at) / 1e6);
    }
    nextToken = textOf(page.nextToken);
  } while (nextToken !== undefined);
  return stamps;
}
