import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { page, rendered, serviceTables } from './compatibility.ts';

const tables = await serviceTables();

/** The client package of a service, where its name is not the folder's. */
const clients: Readonly<Record<string, string>> = { logs: 'cloudwatch-logs' };

async function operationsOf(service: string): Promise<string[]> {
  const sdk: Record<string, unknown> = await import(`@aws-sdk/client-${clients[service] ?? service}`);
  const commands = Object.keys(sdk).filter((name) => /^[A-Z]\w*Command$/.test(name));
  return commands.map((name) => name.slice(0, -'Command'.length)).sort();
}

test('the page has Lambda among its services', () => {
  assert.ok(tables.some(({ service }) => service === 'lambda'));
});

for (const { service, table } of tables) {
  test(`${service}: every operation of the model is in a row, and nothing else is`, async () => {
    assert.deepEqual(Object.keys(table).sort(), await operationsOf(service));
  });
}

test('docs/compatibility.md is what the tables say; run `npm run compatibility` when it is not', () => {
  assert.equal(readFileSync(page, 'utf8'), rendered(tables));
});
