import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { md5OfAttributes, md5OfBody } from './digests.ts';

test('the MD5 of a body is of its UTF-8', () => {
  assert.equal(md5OfBody('This is a test message'), 'fafb00f5732ab283681e124bf8747ed1');
  assert.equal(md5OfBody('é'), hash('md5', Buffer.from([0xc3, 0xa9])));
});

test('attributes are digested in the order of their names: lengths, names, types, kinds and values', () => {
  const bytes = Buffer.concat([
    Buffer.from('00000001', 'hex'),
    Buffer.from('a'),
    Buffer.from('00000006', 'hex'),
    Buffer.from('Binary'),
    Buffer.from('02', 'hex'),
    Buffer.from('00000002ff00', 'hex'),
    Buffer.from('00000001', 'hex'),
    Buffer.from('b'),
    Buffer.from('0000000a', 'hex'),
    Buffer.from('Number.int'),
    Buffer.from('01', 'hex'),
    Buffer.from('00000002', 'hex'),
    Buffer.from('42'),
  ]);
  const given = {
    b: { DataType: 'Number.int', StringValue: '42' },
    a: { DataType: 'Binary', BinaryValue: Buffer.from([255, 0]) },
  };
  assert.equal(md5OfAttributes(given), hash('md5', bytes));
  assert.equal(md5OfAttributes({}), undefined);
});
