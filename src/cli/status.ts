/** `lambent status`: asks the server's health page. */
import { clientFor, isObject } from './client.ts';
import { type Command, serverFlags } from './command.ts';
import { exitCodes } from './exit.ts';
import { columns, printable, styleFor } from './text.ts';

export const status: Command = {
  operands: '',
  operandCount: { min: 0, max: 0 },
  about: 'Says whether the server answers, and what it says of itself. Exit code 69 when it does not.',
  flags: { endpoint: serverFlags.endpoint, json: serverFlags.json },
  examples: [['lambent status && echo up', 'In a script']],
  async run(given, outside) {
    const client = clientFor(given, outside);
    const health = await client.json({ method: 'GET', path: '/_lambent/health', service: 'lambda' });
    if (given.flags.json) {
      outside.stdout.write(`${JSON.stringify(health, null, 2)}\n`);
      return exitCodes.ok;
    }
    const style = styleFor(outside.stdout, outside.env);
    const rows = flattened(health).map(([name, value]) => [style.strong(printable(name)), printable(value)]);
    outside.stdout.write(`${columns([[style.strong('url'), client.endpoint.origin], ...rows])}\n`);
    return exitCodes.ok;
  },
};

/** `{ a: { b: 1 } }` as `a.b 1`: the page may grow without this command growing with it. */
function flattened(value: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    if (isObject(inner)) return flattened(inner, `${prefix}${key}.`);
    return [[`${prefix}${key}`, Array.isArray(inner) ? inner.map(String).join(', ') : String(inner)]];
  });
}
