// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like this
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionsOf } from './condition.ts';

type Given = string | readonly string[] | undefined;

/** Operator, the policy's values, what the request has for the key, and whether that holds. */
const cases: readonly (readonly [string, string | readonly string[], Given, boolean])[] = [
  ['StringEquals', 'blue', 'blue', true],
  ['StringEquals', 'blue', 'Blue', false],
  ['StringEquals', ['red', 'blue'], 'blue', true],
  ['StringEquals', 'b*', 'blue', false],
  ['StringEquals', 'blue', undefined, false],
  ['stringequals', 'blue', 'blue', true],
  ['StringNotEquals', ['red', 'blue'], 'blue', false],
  ['StringNotEquals', ['red', 'blue'], 'green', true],
  ['StringNotEquals', 'blue', undefined, true],
  ['StringEqualsIgnoreCase', 'BLUE', 'blue', true],
  ['StringEqualsIgnoreCase', '${aws:UserName}', 'ADA', true],
  ['StringNotEqualsIgnoreCase', 'BLUE', 'blue', false],
  ['StringLike', 'b*e', 'blue', true],
  ['StringLike', 'b?ue', 'blue', true],
  ['StringLike', 'b?e', 'blue', false],
  ['StringLike', '*', '', false], // an empty value is none
  ['StringLike', 'home/${aws:username}/*', 'home/ada/x', true],
  ['StringLike', 'home/${aws:username}/*', 'home/bob/x', false],
  ['StringLike', 'home/${aws:nobody}/*', 'home//x', false],
  ['StringLike', "home/${aws:nobody, 'all'}/*", 'home/all/x', true],
  ['StringLike', '${*}${?}${$}', '*?$', true],
  ['StringLike', '${*}', 'anything', false],
  ['StringNotLike', 'b*', 'blue', false],
  ['StringNotLike', '${aws:nobody}', 'blue', true],
  ['NumericEquals', '10', '10.0', true],
  ['NumericNotEquals', '10', '11', true],
  ['NumericLessThan', '10', '9', true],
  ['NumericLessThan', '10', '10', false],
  ['NumericLessThanEquals', '10', '10', true],
  ['NumericGreaterThan', '10', '9.5', false],
  ['NumericGreaterThanEquals', '-1', '-1', true],
  ['NumericEquals', '0', 'zero', false],
  ['DateLessThan', '2027-01-01T00:00:00Z', '2026-12-31T23:59:59Z', true],
  ['DateGreaterThan', '2027-01-01T00:00:00Z', '2026-12-31T23:59:59Z', false],
  ['DateEquals', '1798761600', '2027-01-01T00:00:00Z', true],
  ['DateNotEquals', '2027-01-01', '2027-01-01T00:00:00Z', false],
  ['Bool', 'true', 'TRUE', true],
  ['Bool', 'true', 'false', false],
  ['Bool', 'false', undefined, false],
  ['BoolIfExists', 'false', undefined, true],
  ['BinaryEquals', 'AAEC', 'AAEC', true],
  ['BinaryEquals', 'AAEC', 'AAED', false],
  ['IpAddress', '203.0.113.0/24', '203.0.113.77', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.1', false],
  ['IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['IpAddress', '203.0.113.0/24', '2001:db8::1', false],
  ['IpAddress', '2001:db8::/32', '2001:db8:1::1', true],
  ['IpAddress', '0.0.0.0/0', 'not an address', false],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.77', false],
  ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ['ArnLike', 'arn:aws:s3:::photos', 'arn:aws:s3:::photos', true],
  ['ArnLike', 'arn:aws:sns:*:111122223333:*', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['ArnLike', 'arn:aws:sns:*:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', false], // a wildcard stays in its part
  ['ArnEquals', 'arn:aws:sns:*:111122223333:t*', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['ArnNotEquals', 'arn:aws:sns:*:111122223333:t*', 'arn:aws:sns:eu-west-1:111122223333:topic', false],
  ['ArnNotLike', 'arn:aws:s3:::photos', 'arn:aws:s3:::other', true],
  ['ArnLike', 'arn:aws:s3:::photos', 'photos', false],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'blue', false],
  ['Null', 'false', 'blue', true],
  ['Null', 'false', [], false],
  ['StringEqualsIfExists', 'blue', undefined, true],
  ['StringEqualsIfExists', 'blue', 'red', false],
  ['StringNotEqualsIfExists', 'blue', undefined, true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['b', 'c'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], undefined, false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], undefined, false],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a', 'b'], undefined, true],
  ['ForAllValues:StringNotLike', 'key1*', ['key2:audit'], true],
  ['ForAllValues:StringNotLike', 'key1*', ['key1:hr', 'key2'], false],
  ['ForAllValues:StringLike', '${aws:username}-*', ['ada-1', 'ada-2'], true],
  ['ForAnyValue:StringEqualsIfExists', 'a', undefined, true],
];

test('every operator, with the key there and with the key missing', () => {
  for (const [operator, wanted, given, holds] of cases) {
    const values = typeof wanted === 'string' ? [wanted] : wanted;
    const conditions = conditionsOf({ [operator]: { 'test:Key': values } }, true);
    const context = new Map<string, string | readonly string[]>([['aws:username', 'ada']]);
    if (given !== undefined) context.set('test:key', given);
    const found = conditions.every((condition) => condition(context));
    assert.equal(found, holds, `${operator} ${values.join(' or ')} of ${given ?? 'nothing'}`);
  }
});

test('all keys and all operators must hold', () => {
  const conditions = conditionsOf({ StringEquals: { 'a:1': ['x'], 'a:2': ['y'] }, Null: { 'a:3': ['true'] } }, true);
  const holds = (context: Record<string, string>) =>
    conditions.every((condition) => condition(new Map(Object.entries(context))));
  assert.equal(holds({ 'a:1': 'x', 'a:2': 'y' }), true);
  assert.equal(holds({ 'a:1': 'x' }), false);
  assert.equal(holds({ 'a:1': 'x', 'a:2': 'y', 'a:3': 'z' }), false);
});

test('a document of version 2008-10-17 has no variables: they are plain text', () => {
  const [condition] = conditionsOf({ StringEquals: { 'a:1': ['${aws:username}'] } }, false);
  assert.equal(
    condition?.(
      new Map([
        ['a:1', '${aws:username}'],
        ['aws:username', 'ada'],
      ]),
    ),
    true,
  );
  assert.equal(
    condition?.(
      new Map([
        ['a:1', 'ada'],
        ['aws:username', 'ada'],
      ]),
    ),
    false,
  );
});
