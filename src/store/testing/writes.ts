/** A program for tests that kill it: writes functions and events, and prints each name once both are acknowledged. */
import { invariant } from '../../base/invariant.ts';
import { openIn } from './folder.ts';
import { event, record } from './records.ts';

const [, , folder] = process.argv;
invariant(folder !== undefined, 'the data folder is given');
const store = await openIn(folder);
let next = 0;

async function write(): Promise<void> {
  for (;;) {
    const name = `f${next++}`;
    await Promise.all([store.functions.create(record(name)), store.async.add(event(name, 1))]);
    process.stdout.write(`${name}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, write));
