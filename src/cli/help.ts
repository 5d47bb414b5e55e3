/** Help pages, from the tables of commands and flags. */
import type { Command, CommandFlag } from './command.ts';
import type { CommandRow } from './commands.ts';
import { columns, type Style, wrapped } from './text.ts';

export function overview(table: Readonly<Record<string, CommandRow>>, style: Style): string {
  const rows = Object.entries(table).map(([name, { summary }]) => [`  ${style.strong(name)}`, summary]);
  return [
    'AWS Lambda on your own machines',
    '',
    `${style.strong('Usage:')} lambent COMMAND [--help]`,
    '',
    columns(rows),
    '',
    `${style.strong('First steps:')}`,
    '  lambent up                      in one terminal',
    '  lambent deploy ./my-function    in another',
    '',
  ].join('\n');
}

export function commandPage(name: string, command: Command, style: Style): string {
  const usage = ['lambent', name, command.operands, Object.keys(command.flags).length > 0 ? '[flags]' : '']
    .filter((part) => part !== '')
    .join(' ');
  const lines = [wrapped(command.about, 80), '', `${style.strong('Usage:')} ${usage}`, ''];
  if (Object.keys(command.flags).length > 0) lines.push(style.strong('Flags:'), flagList(command.flags), '');
  if (command.examples.length > 0) {
    lines.push(style.strong('Examples:'));
    for (const [line, purpose] of command.examples) lines.push(`  ${style.faint(`# ${purpose}`)}`, `  ${line}`);
    lines.push('');
  }
  return lines.join('\n');
}

/** The flag on a line of its own, what it does below it: long sentences then need no second column. */
function flagList(flags: Readonly<Record<string, CommandFlag>>): string {
  return Object.entries(flags)
    .map(([name, { placeholder, short, says }]) => {
      const spelled = `${short === undefined ? '' : `-${short}, `}--${name}${placeholder ? ` ${placeholder}` : ''}`;
      return `  ${spelled}\n${wrapped(says, 74)
        .split('\n')
        .map((line) => `      ${line}`)
        .join('\n')}`;
    })
    .join('\n');
}
