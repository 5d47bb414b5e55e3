import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bannedCalls, functionsLongerThan, isBarrel } from './tidy.ts';

test('a barrel is told from a file that says something', () => {
  assert.equal(isBarrel("/** All of it. */\nexport * from './a.ts';\nexport { b } from './b.ts';\n"), true);
  assert.equal(isBarrel("export { b } from './b.ts';\nexport const a = 1;\n"), false);
  assert.equal(isBarrel('export const a = 1;\n'), false);
});

test('banned calls are found in code and not in comments', () => {
  assert.deepEqual(bannedCalls('const t = Date.now();\nsetTimeout(() => {}, 1);'), [
    'Date.now',
    'setTimeout or setInterval',
  ]);
  assert.deepEqual(
    bannedCalls('// Date.now is banned\n/* Math.random */\nclock.after(1, f); socket.setTimeout(5);'),
    [],
  );
});

test('long functions are found whichever way they are written', () => {
  const body = Array.from({ length: 5 }, () => '  work();').join('\n');
  const long = [
    `export async function a() {\n${body}\n}`,
    `const b = () => {\n${body}\n};`,
    `export function c(\n  one: string,\n): void {\n${body}\n}`,
    `class D {\n  run(): void {\n${body.replaceAll('  ', '    ')}\n  }\n}`,
  ];
  for (const text of long) assert.equal(functionsLongerThan(6, text).length, 1, text);
  for (const text of long) assert.equal(functionsLongerThan(7, text).length, 0, text);
});
