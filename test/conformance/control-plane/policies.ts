/** For tests: resource policies of functions, versions and aliases. */
import assert from 'node:assert/strict';
import { arn, unknownRevision } from './functions.ts';
import type { Visits } from './visits.ts';

const Action = 'lambda:InvokeFunction';
const stale = /^The Revision Id provided does not match the latest Revision Id\. Call the .* API/;

/** Needs the function `all` with version 1 and alias `live`. */
export async function policies(visits: Visits): Promise<void> {
  const FunctionName = 'all';
  const bucket = {
    FunctionName,
    StatementId: 'bucket',
    Action,
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::pictures',
    SourceAccount: '123456789012',
  };
  const { Statement } = await visits.good('AddPermission', bucket);
  assert.deepEqual(JSON.parse(Statement ?? ''), {
    Sid: 'bucket',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action,
    Resource: arn(FunctionName),
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '123456789012' },
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::pictures' },
    },
  });
  await visits.bad(
    'AddPermission',
    bucket,
    'ResourceConflictException',
    /^The statement id \(bucket\) provided already exists\. Please provide a new statement id, or remove the existing statement\.$/,
  );
  await badPermissions(visits, FunctionName);
  await visits.good('AddPermission', { ...bucket, StatementId: 'other', Qualifier: 'live', Principal: '123456789012' });
  const { Policy, RevisionId } = await visits.good('GetPolicy', { FunctionName });
  const document = JSON.parse(Policy ?? '');
  assert.deepEqual([document.Version, document.Id, document.Statement.length], ['2012-10-17', 'default', 1]);
  const ofAlias = JSON.parse((await visits.good('GetPolicy', { FunctionName, Qualifier: 'live' })).Policy ?? '');
  assert.deepEqual(ofAlias.Statement[0].Principal, { AWS: 'arn:aws:iam::123456789012:root' });
  assert.equal(ofAlias.Statement[0].Resource, arn('all:live'));
  await visits.bad(
    'GetPolicy',
    { FunctionName, Qualifier: '1' },
    'ResourceNotFoundException',
    /^The resource you requested does not exist\.$/,
  );
  const unknown = { FunctionName, StatementId: 'nope' };
  await visits.bad(
    'RemovePermission',
    unknown,
    'ResourceNotFoundException',
    /^Statement nope is not found in resource policy\.$/,
  );
  await visits.bad(
    'RemovePermission',
    { ...unknown, StatementId: 'bucket', RevisionId: unknownRevision },
    'PreconditionFailedException',
    stale,
  );
  await visits.good('RemovePermission', { FunctionName, StatementId: 'bucket', RevisionId });
  await visits.bad(
    'GetPolicy',
    { FunctionName },
    'ResourceNotFoundException',
    /^The resource you requested does not exist\.$/,
  );
  await documents(visits, arn(FunctionName));
}

async function badPermissions(visits: Visits, FunctionName: string): Promise<void> {
  const usual = { FunctionName, StatementId: 's', Action, Principal: 's3.amazonaws.com' };
  const cases: [object, string, RegExp][] = [
    [
      { Qualifier: '$LATEST' },
      'InvalidParameterValueException',
      /^We currently do not support adding policies for \$LATEST\.$/,
    ],
    [
      { Principal: 'nobody' },
      'InvalidParameterValueException',
      /^The provided principal was invalid\. Please check the principal and try again\.$/,
    ],
    [
      { StatementId: 'a b' },
      'ValidationException',
      /'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    ],
    [
      { Action: 's3:GetObject' },
      'ValidationException',
      /'action' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    ],
    [{ RevisionId: unknownRevision }, 'PreconditionFailedException', stale],
    [{ Qualifier: '99' }, 'ResourceNotFoundException', /99/],
  ];
  for (const [change, name, words] of cases) await visits.bad('AddPermission', { ...usual, ...change }, name, words);
}

/** The whole document at once. */
async function documents(visits: Visits, ResourceArn: string): Promise<void> {
  const statement = { Sid: 'no', Effect: 'Deny', Principal: '*', Action, Resource: ResourceArn };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const put = await visits.good('PutResourcePolicy', { ResourceArn, Policy });
  assert.deepEqual(JSON.parse(put.Policy ?? '').Statement, [statement]);
  const got = await visits.good('GetResourcePolicy', { ResourceArn });
  assert.equal(got.RevisionId, put.RevisionId);
  await visits.bad('PutResourcePolicy', { ResourceArn, Policy: 'not a policy' }, 'InvalidParameterValueException', /./);
  await visits.bad(
    'PutResourcePolicy',
    { ResourceArn, Policy, RevisionId: unknownRevision },
    'PreconditionFailedException',
    stale,
  );
  await visits.bad(
    'DeleteResourcePolicy',
    { ResourceArn, RevisionId: unknownRevision },
    'PreconditionFailedException',
    stale,
  );
  await visits.good('DeleteResourcePolicy', { ResourceArn, RevisionId: put.RevisionId });
  await visits.bad('GetResourcePolicy', { ResourceArn }, 'ResourceNotFoundException', /./);
}
