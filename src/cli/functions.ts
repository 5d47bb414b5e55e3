/** `lambent functions`: every function, page by page, as a table. */
import { clientFor, numberOf, textOf } from './client.ts';
import { type Command, serverFlags } from './command.ts';
import { everyPage } from './every-page.ts';
import { exitCodes } from './exit.ts';
import { bytes, columns, printable, styleFor } from './text.ts';

export const functions: Command = {
  operands: '',
  operandCount: { min: 0, max: 0 },
  about: 'Lists the functions of the account and region.',
  flags: serverFlags,
  examples: [['lambent functions', 'What is deployed']],
  async run(given, outside) {
    const found = await everyPage(clientFor(given, outside), '/2015-03-31/functions/', 'Functions');
    if (given.flags.json) {
      outside.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      return exitCodes.ok;
    }
    if (found.length === 0) {
      outside.stdout.write('No functions yet; create one with: lambent deploy DIR\n');
      return exitCodes.ok;
    }
    const style = styleFor(outside.stdout, outside.env);
    const head = ['Name', 'Runtime', 'Handler', 'Memory', 'Timeout', 'Code', 'Changed'].map(style.strong);
    outside.stdout.write(`${columns([head, ...found.map(rowOf)], new Set([3, 4, 5]))}\n`);
    return exitCodes.ok;
  },
};

function rowOf(configuration: Record<string, unknown>): string[] {
  return [
    textOf(configuration.FunctionName) ?? '?',
    textOf(configuration.Runtime) ?? '',
    textOf(configuration.Handler) ?? '',
    `${numberOf(configuration.MemorySize) ?? '?'} MB`,
    `${numberOf(configuration.Timeout) ?? '?'} s`,
    bytes(numberOf(configuration.CodeSize) ?? 0),
    (textOf(configuration.LastModified) ?? '').slice(0, 19),
  ].map(printable);
}
