import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../store/testing/records.ts';
import { passThrough } from './lineage.ts';
import { Recursion } from './recursion.ts';

const one = record('one').latest;
const other = record('other').latest;
const header = 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0';

test('a chain counts its passages through each function', () => {
  const first = passThrough(header, one);
  assert.match(first.header ?? '', /^Root=\S+;Sampled=0;Lineage=[0-9a-f]{8}:0$/);
  const second = passThrough(first.header, other);
  const third = passThrough(second.header, one);
  assert.deepEqual([first.before, second.before, third.before], [0, 0, 1]);
  assert.match(third.header ?? '', /^Root=\S+;Sampled=0;Lineage=[0-9a-f]{8}:0\|[0-9a-f]{8}:1$/);
  assert.deepEqual(passThrough(undefined, one), { header: undefined, before: 0 });
});

test('noise in a header costs nothing and grows to nothing', () => {
  for (const noise of ['', '|||', 'a', 'a:b', 'a:9999999999', ':1', 'x:1;']) {
    assert.equal(passThrough(`${header};Lineage=${noise}`, one).before, 0, noise);
  }
  const long = Array.from({ length: 1000 }, (_, n) => `${n}:1`).join('|');
  assert.equal(passThrough(`Lineage=${long};Root=1`, one).header?.split('|').length, 32);
});

test('the seventeenth time is stopped, and only where the function does not want it', () => {
  const recursion = new Recursion();
  let chain: string | undefined = header;
  for (let passage = 0; passage < 16; passage += 1) {
    assert.ok(!recursion.stops(chain, one), `passage ${passage}`);
    chain = passThrough(passThrough(chain, one).header, other).header;
  }
  assert.ok(recursion.stops(chain, one));
  assert.ok(recursion.stops(chain, other));
  recursion.allow(one, true);
  assert.deepEqual([recursion.stops(chain, one), recursion.stops(chain, other)], [false, true]);
  recursion.allow(one, false);
  assert.ok(recursion.stops(chain, one));
});
