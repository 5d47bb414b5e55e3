import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };

async function active() {
  const fixture = createFixture();
  await create(fixture, { Tags: { a: '1' } });
  await fixture.settle();
  const tag = async (Resource: string, Tags: Record<string, string>) =>
    fixture.table.TagResource.handle({ Resource, Tags }, contextOf('TagResource'));
  return { ...fixture, tag };
}

test('TagResource adds and replaces tags, changes the revision and keeps what serves', async () => {
  const { functions, tag } = await active();
  const before = functions.get(key);
  await tag(arnOf('hello'), { a: '2', b: '3' });
  const after = functions.get(key);
  assert.deepEqual(after?.tags, { a: '2', b: '3' });
  assert.notEqual(after.latest.revisionId, before?.latest.revisionId);
  assert.equal(after.latest.id, before?.latest.id);
  assert.equal(after.serving?.id, before?.serving?.id);
});

test('TagResource counts the tags that are there', async () => {
  const { tag, functions } = await active();
  const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
  await assert.rejects(
    tag(arnOf('hello'), fifty),
    awsError(400, 'InvalidParameterValueException', 'Number of tags exceeds resource tag limit.'),
  );
  assert.deepEqual(functions.get(key)?.tags, { a: '1' });
});

test('TagResource is refused during an update', async () => {
  const { tag, table } = await active();
  await table.UpdateFunctionConfiguration.handle(
    { FunctionName: 'hello', Timeout: 4 },
    contextOf('UpdateFunctionConfiguration'),
  );
  await assert.rejects(
    tag(arnOf('hello'), { b: '' }),
    awsError(409, 'ResourceConflictException', /An update is in progress for resource/),
  );
});

const uuid = '11111111-2222-4333-8444-555555555555';
const refusals: [title: string, resource: string, error: (error: unknown) => boolean][] = [
  [
    'a version',
    arnOf('hello:1'),
    awsError(
      400,
      'InvalidParameterValueException',
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    ),
  ],
  [
    'a function that is not there',
    arnOf('other'),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('other')}`),
  ],
  [
    'an event source mapping',
    `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`,
    awsError(
      404,
      'ResourceNotFoundException',
      `Event source mapping not found: arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`,
    ),
  ],
  [
    'a code signing configuration',
    'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1',
    awsError(404, 'CodeSigningConfigNotFoundException', /csc-1$/),
  ],
  ['a bare name', 'hello', awsError(400, 'InvalidParameterValueException', /ARN of a function: hello$/)],
];

for (const [title, resource, error] of refusals) {
  test(`TagResource refuses ${title}`, async () => {
    const { tag } = await active();
    await assert.rejects(tag(resource, { b: '' }), error);
  });
}
