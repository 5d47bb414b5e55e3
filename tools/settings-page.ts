/** docs/settings.md, made from the table of settings: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagName, settingKeys, table, variableName } from '../src/config/settings.ts';

const path = join(import.meta.dirname, '..', 'docs', 'settings.md');

export function settingsPage(): string {
  return [
    '# Settings',
    '',
    'Made from `src/config/settings.ts` by `npm run docs`; not written by hand. A flag of `lambent up` wins over its',
    'environment variable, and that over the default. A value that cannot be used is refused with what was expected:',
    'exit code 64 for a flag, 78 for a variable or for settings that do not go together.',
    '',
    ...settingKeys().flatMap(section),
  ].join('\n');
}

function section(key: ReturnType<typeof settingKeys>[number]): string[] {
  const { kind, says, shownDefault, unit } = table[key];
  const flag = `--${flagName(key)}${kind.placeholder === '' ? '' : ` ${kind.placeholder}`}`;
  const value = kind.placeholder === '' ? `none as a flag; ${kind.expected} as a variable` : kind.expected;
  return [
    `## ${flagName(key)}`,
    '',
    `${says}.`,
    '',
    `- Flag: \`${flag}\``,
    `- Variable: \`${variableName(key)}\``,
    `- Value: ${value}${unit === undefined ? '' : ` (${unit})`}`,
    `- Default: ${shownDefault}`,
    '',
  ];
}

if (process.argv[1] === import.meta.filename) writeFileSync(path, settingsPage());
