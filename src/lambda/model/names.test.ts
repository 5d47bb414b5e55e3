import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from './expected-error.ts';
import { namedFunction, newFunctionKey, unqualifiedFunction } from './names.ts';

const context = {
  region: 'us-east-1',
  accountId: '123456789012',
  operation: 'Invoke',
  principal: { arn: 'arn:aws:iam::123456789012:root' },
};

const forms: [input: string, name: string, qualifier?: string][] = [
  ['my-fn', 'my-fn'],
  ['my-fn:v1', 'my-fn', 'v1'],
  ['my-fn:$LATEST', 'my-fn', '$LATEST'],
  ['my-fn:7', 'my-fn', '7'],
  ['123456789012:function:my-fn', 'my-fn'],
  ['123456789012:function:my-fn:v1', 'my-fn', 'v1'],
  ['us-east-1:123456789012:function:my-fn', 'my-fn'],
  ['function:my-fn', 'my-fn'],
  ['arn:aws:lambda:us-east-1:123456789012:function:my-fn', 'my-fn'],
  ['arn:aws:lambda:us-east-1:123456789012:function:my-fn:$LATEST', 'my-fn', '$LATEST'],
  ['arn:aws-cn:lambda:us-east-1:123456789012:function:my-fn:$LATEST.PUBLISHED', 'my-fn', '$LATEST.PUBLISHED'],
  ['function', 'function'],
  ['a'.repeat(64), 'a'.repeat(64)],
];

for (const [input, name, qualifier] of forms) {
  test(`${input} names ${name} with qualifier ${qualifier}`, () => {
    const named = namedFunction(input, context);
    assert.deepEqual(named, { key: { accountId: '123456789012', region: 'us-east-1', name }, qualifier });
  });
}

const refusals: [title: string, input: string, parameter: string | undefined, error: (error: unknown) => boolean][] = [
  [
    'an ARN of another region',
    'arn:aws:lambda:ap-southeast-1:123456789012:function:f',
    undefined,
    awsError(
      404,
      'ResourceNotFoundException',
      "Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')",
    ),
  ],
  [
    'two qualifiers that differ',
    'f:v1',
    'v2',
    awsError(
      400,
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    ),
  ],
  [
    'a name of 65 characters',
    'a'.repeat(65),
    undefined,
    awsError(
      400,
      'InvalidParameterValueException',
      `1 validation error detected: Value '${'a'.repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ),
  ],
  [
    'an ARN of another account',
    'arn:aws:lambda:us-east-1:999999999999:function:f',
    undefined,
    awsError(
      403,
      'AccessDeniedException',
      /^User: arn:aws:iam::123456789012:root is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:999999999999:function:f /,
    ),
  ],
  ['a name with a space', 'a b', undefined, awsError(400, 'ValidationException', /^1 validation error .*'a b'/)],
  ['an empty name', '', undefined, awsError(400, 'ValidationException', /'functionName'/)],
  ['a name with a line feed', 'a\n', undefined, awsError(400, 'ValidationException', /'functionName'/)],
];

for (const [title, input, parameter, error] of refusals) {
  test(`refuses ${title}`, () => assert.throws(() => namedFunction(input, context, parameter), error));
}

test('a qualifier is heard from the parameter, and from both when they agree', () => {
  assert.equal(namedFunction('f', context, 'v1').qualifier, 'v1');
  assert.equal(namedFunction('f:v1', context, 'v1').qualifier, 'v1');
});

test('an operation on the function itself refuses a qualifier', () => {
  assert.throws(
    () => unqualifiedFunction('f:v1', context),
    awsError(400, 'InvalidParameterValueException', /^This operation is permitted on Lambda functions only\. /),
  );
});

test('a new function may not have a dot in its name, which only ARNs of others may', () => {
  assert.throws(() => newFunctionKey('a.b', context), awsError(400, 'ValidationException', /'a\.b' at 'functionName'/));
});
