/** From a command line to an exit code: finds the command, reads its flags, says what went wrong. */
import { nearest, readArguments, UsageError } from '../config/flags.ts';
import { SettingError } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import type { Command, Outside } from './command.ts';
import type { CommandRow } from './commands.ts';
import { CommandError, exitCodes, startExitCodes } from './exit.ts';
import { commandPage, overview } from './help.ts';
import { styleFor } from './text.ts';

export async function run(
  argv: readonly string[],
  table: Readonly<Record<string, CommandRow>>,
  outside: Outside,
): Promise<number> {
  const [first = '--help', ...rest] = argv;
  const style = styleFor(outside.stdout, outside.env);
  if (['--help', '-h', 'help'].includes(first) && !Object.hasOwn(table, rest[0] ?? '')) {
    outside.stdout.write(overview(table, style));
    return exitCodes.ok;
  }
  const name = first === 'help' ? (rest[0] ?? '') : first === '--version' ? 'version' : first;
  try {
    const command = await find(name, table).load();
    if (first === 'help' || asksForHelp(rest)) {
      outside.stdout.write(commandPage(name, command, style));
      return exitCodes.ok;
    }
    return await command.run(argumentsFor(command, rest), outside);
  } catch (error) {
    return report(error, Object.hasOwn(table, name) ? `lambent ${name} --help` : 'lambent --help', outside);
  }
}

function find(name: string, table: Readonly<Record<string, CommandRow>>): CommandRow {
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  if (row !== undefined) return row;
  const near = nearest(name, Object.keys(table));
  throw new UsageError(`Unknown command ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  return (end === -1 ? rest : rest.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

function argumentsFor(command: Command, rest: readonly string[]) {
  const given = readArguments(rest, command.flags);
  const { min, max } = command.operandCount;
  const [surplus] = given.positionals.slice(max);
  if (surplus !== undefined) throw new UsageError(`Cannot use ${JSON.stringify(surplus)}: nothing is expected there`);
  if (given.positionals.length < min) throw new UsageError(`${command.operands} is missing`);
  return given;
}

function report(error: unknown, helpLine: string, { stderr, env }: Outside): number {
  const style = styleFor(stderr, env);
  const say = (message: string) => stderr.write(`${style.bad('lambent:')} ${message}\n`);
  if (error instanceof UsageError) {
    say(`${error.message}\n         ${helpLine} shows what there is`);
    return exitCodes.usage;
  }
  if (error instanceof SettingError) {
    say(error.message);
    return error.source === 'flag' ? exitCodes.usage : exitCodes.configuration;
  }
  if (error instanceof CommandError) {
    say(error.message);
    return error.exitCode;
  }
  if (error instanceof StartError) {
    say(`${error.message} [${error.problem}]`);
    return startExitCodes[error.problem];
  }
  say(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return exitCodes.internal;
}
