import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const context = contextOf('GetFunction');

test('GetFunction answers configuration, link and tags', async () => {
  const fixture = createFixture();
  await create(fixture, { Tags: { team: 'a' } });
  await fixture.settle();
  const answer = await fixture.table.GetFunction.handle({ FunctionName: 'hello' }, context);
  assert.equal(answer.Configuration?.State, 'Active');
  assert.equal(answer.Configuration.LastUpdateStatus, 'Successful');
  assert.equal(answer.Configuration.FunctionArn, arnOf('hello'));
  assert.equal(answer.Code?.RepositoryType, 'S3');
  assert.match(
    answer.Code.Location ?? '',
    /^http:\/\/127\.0\.0\.1:4566\/_lambent\/code\/[0-9a-f]{64}\?expires=\d+&signature=[0-9a-f]{64}$/,
  );
  assert.deepEqual(answer.Tags, { team: 'a' });
});

test('GetFunction shows the qualifier in the ARN when it was given one, and no Tags when there are none', async () => {
  const fixture = createFixture();
  await create(fixture);
  const answer = await fixture.table.GetFunction.handle({ FunctionName: 'hello', Qualifier: '$LATEST' }, context);
  assert.equal(answer.Configuration?.FunctionArn, arnOf('hello:$LATEST'));
  assert.equal(answer.Tags, undefined);
});

test('GetFunction answers 404 with the ARN, qualified as asked', async () => {
  const fixture = createFixture();
  const get = async (FunctionName: string, Qualifier?: string) =>
    fixture.table.GetFunction.handle({ FunctionName, Qualifier }, context);
  const missing = (name: string) => awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf(name)}`);
  await assert.rejects(get('hello'), missing('hello'));
  await assert.rejects(get('hello', '$LATEST'), missing('hello:$LATEST'));
  await create(fixture);
  await assert.rejects(get('hello', '7'), missing('hello:7'));
  await assert.rejects(get('hello:live'), missing('hello:live'));
});

test('another region has functions of its own', async () => {
  const fixture = createFixture();
  await create(fixture);
  await assert.rejects(
    async () =>
      fixture.table.GetFunction.handle({ FunctionName: 'hello' }, contextOf('GetFunction', { region: 'eu-west-1' })),
    awsError(
      404,
      'ResourceNotFoundException',
      'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:hello',
    ),
  );
});
