/** What the pages tell people to type and where they point: it must be there. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commandTable } from '../src/cli/commands.ts';
import { readArguments } from '../src/config/flags.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', 'ARCHITECTURE.md', ...globSync('docs/**/*.md', { cwd: root })];
const unused = () => Promise.reject(new Error('Help loads no server'));
const table = commandTable({ startServer: unused, openKeys: unused });

test('every command line in the pages and in help is one that Lambent takes', async () => {
  const lines = pages.flatMap((page) => commandLines(read(page)).map((line) => [page, line] as const));
  for (const [name, row] of Object.entries(table)) {
    for (const [line] of (await row.load()).examples) {
      lines.push(...commandLines(`    ${line}`).map((one) => [`lambent ${name} --help`, one] as const));
    }
  }
  assert.ok(lines.length >= 20);
  for (const [where, line] of lines) await check(where, line);
});

test('every link between pages leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} links to ${target}`),
  );
  assert.deepEqual(broken, []);
});

async function check(where: string, line: string): Promise<void> {
  const [name = '', ...words] = line.split(' ');
  if (name.startsWith('-') || name === 'COMMAND') return;
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  assert.ok(row, `${where} names the command ${name}`);
  const { flags, operandCount } = await row.load();
  const { positionals } = readArguments(words, flags);
  assert.ok(positionals.length <= operandCount.max, `${where}: ${line} has too many operands`);
  // A mention in a sentence, as `lambent up`, may leave operands out; one with flags is meant to be typed.
  if (words.length > 0) assert.ok(positionals.length >= operandCount.min, `${where}: ${line} lacks an operand`);
}

/** What follows `lambent` in code, up to a comment, a pipe or the end; text in quotes counts as one word. */
function commandLines(text: string): string[] {
  const shown = /^ {4,}(?:npx )?lambent (.+)$|`(?:npx )?lambent ([^`]+)`/gm;
  return [...text.matchAll(shown)].map(([, block, inline]) =>
    (block ?? inline ?? '')
      .replace(/'[^']*'/g, 'TEXT')
      .replace(/( {2,}|\s+[#|&]).*/, '')
      .trim(),
  );
}

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}
