import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { page, rendered, serviceTables } from './compatibility.ts';

const tables = await serviceTables();

function operationsOf(service: string): string[] {
  const file = new URL(`../src/aws/models/${service}.json`, import.meta.url);
  const model: { operations: Record<string, unknown> } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys(model.operations).sort();
}

test('the page has Lambda among its services', () => {
  assert.ok(tables.some(({ service }) => service === 'lambda'));
});

for (const { service, table } of tables) {
  test(`${service}: every operation of the model is in a row, and nothing else is`, () => {
    // What brings a codec of its own is a request that the model does not know, as a form's.
    const modelled = Object.entries(table).filter(([, row]) => !('codec' in row));
    assert.deepEqual(modelled.map(([name]) => name).sort(), operationsOf(service));
  });
}

test('docs/compatibility.md is what the tables say; run `npm run compatibility` when it is not', () => {
  assert.equal(readFileSync(page, 'utf8'), rendered(tables));
});
