/** What every source that holds what is taken promises to the pump; each kind runs this against the real thing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoldingSource, SourceRecord } from './source.ts';

export interface SourceHarness extends AsyncDisposable {
  /** Empty; of records that come again after a second. */
  open(): Promise<{ source: HoldingSource; put(text: string): Promise<void> }>;
}

const never = new AbortController().signal;
const texts = (records: readonly SourceRecord[]) => records.map(({ filterable }) => String(filterable.body)).sort();

export function holdingSourceContract(name: string, start: () => Promise<SourceHarness>): void {
  const promise = (title: string, body: (harness: SourceHarness) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      await using harness = await start();
      await body(harness);
    });

  promise('gives what is there at once, no more than is asked for, and nothing twice', async (harness) => {
    const { source, put } = await harness.open();
    for (const text of ['a', 'b', 'c']) await put(text);
    const first = await source.receive(2, 1000, never);
    assert.ok(first.length >= 1 && first.length <= 2);
    const rest: SourceRecord[] = [];
    while (first.length + rest.length < 3) rest.push(...(await source.receive(10, 1000, never)));
    assert.deepEqual(texts([...first, ...rest]), ['a', 'b', 'c']);
    assert.equal(new Set([...first, ...rest].map(({ id }) => id)).size, 3);
    await source.remove([...first, ...rest]);
  });

  promise('waits for a record that comes', async (harness) => {
    const { source, put } = await harness.open();
    const waiting = source.receive(10, 5000, never);
    await put('late');
    const records = await waiting;
    assert.deepEqual(texts(records), ['late']);
    await source.remove(records);
  });

  promise('answers none when the wait is over, and soon when it is called off', async (harness) => {
    const { source } = await harness.open();
    assert.deepEqual(await source.receive(10, 0, never), []);
    const off = new AbortController();
    const waiting = source.receive(10, 20_000, off.signal).catch(() => []);
    off.abort();
    assert.deepEqual(await waiting, []);
  });

  promise('gives out again what was not removed in its time, and what was given back at once', async (harness) => {
    const { source, put } = await harness.open();
    await put('a');
    const first = await source.receive(10, 1000, never);
    await source.giveBack(first);
    const second = await source.receive(10, 0, never);
    assert.deepEqual(texts(second), ['a']);
    assert.equal(source.holdMs(), 1000);
    const third = await source.receive(10, 5000, never);
    assert.deepEqual(texts(third), ['a']);
    await source.remove(third);
  });

  promise('a record is what stands in the event, under the id that answers call it by', async (harness) => {
    const { source, put } = await harness.open();
    await put('{"a":"ü"}');
    const [record] = await source.receive(1, 1000, never);
    assert.ok(record);
    const event = JSON.parse(`${source.envelope.before}${record.json}${source.envelope.after}`);
    const [inside] = Object.values<Record<string, unknown>[]>(event).flat();
    assert.ok(inside);
    assert.ok(Object.values(inside).includes(record.id));
    assert.ok(Object.values(inside).includes('{"a":"ü"}'));
    await source.remove([record]);
  });
}
