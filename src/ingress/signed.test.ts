/** The signed mode, with the SDK's own signatures and links made by hand. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AnyTable } from '../aws/operation.ts';
import { canonicalRequest } from '../aws/sigv4/canonical.ts';
import { SigningKeys, signatureOf } from '../aws/sigv4/keys.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { issueSession } from '../iam/session.ts';
import { createStsTable } from '../services/sts/api/table.ts';
import { stsRules } from '../services/sts/rules.ts';
import { knownKey, noRecords, serverSecret, startFront, stsParts } from './testing/front.ts';

const services: Record<string, AnyTable> = {
  lambda: {
    Invoke: { handle: ({ Payload }: { Payload: Buffer }) => ({ Payload }) },
    ListTags: { handle: ({ Resource }: { Resource: string }) => ({ Tags: { Resource } }) },
  },
  logs: { DescribeLogGroups: { handle: () => ({ logGroups: [{ logGroupName: 'g' }] }) } },
  sts: createStsTable(stsParts),
  s3: {
    GetObject: {
      handle: ({ Bucket, Key }: { Bucket: string; Key: string }) => ({ Body: Buffer.from(`${Bucket}|${Key}`) }),
    },
  },
};

const { accessKeyId, secretAccessKey } = knownKey;
const credentials = { accessKeyId, secretAccessKey };

async function signed(clock = systemClock) {
  const front = await startFront(services, { authentication: 'signed', clock, rules: { sts: stsRules(noRecords) } });
  return { front, options: { endpoint: front.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 } };
}

test('the SDK is let in with a known key: REST, JSON and query', async () => {
  const { front, options } = await signed();
  await using _ = front;
  const lambda = new LambdaClient(options);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{"ü":1}') }));
  assert.equal(answer.Payload?.transformToString(), '{"ü":1}');
  const Resource = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
  assert.deepEqual((await lambda.send(new ListTagsCommand({ Resource }))).Tags, { Resource });
  const groups = await new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({}));
  assert.equal(groups.logGroups?.[0]?.logGroupName, 'g');
  const identity = await new STSClient(options).send(new GetCallerIdentityCommand({}));
  assert.deepEqual([identity.Account, identity.Arn], [knownKey.accountId, knownKey.principalArn]);
});

test("a role's session is let in, and is known as the role, until it expires", async () => {
  const now = systemClock.now();
  const { front, options } = await signed();
  await using _ = front;
  const session = (expiresAt: number) =>
    issueSession({
      serverSecret,
      session: { roleArn: 'arn:aws:iam::111122223333:role/worker' },
      sessionName: 's',
      accountId: '111122223333',
      expiresAt,
      random: systemRandom,
    });
  const good = new STSClient({ ...options, credentials: session(now + 60_000) });
  for (let n = 0; n < 2; n += 1) {
    const { Arn } = await good.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, 'arn:aws:sts::111122223333:assumed-role/worker/s');
  }
  const late = new STSClient({ ...options, credentials: session(now - 1) });
  await assert.rejects(late.send(new GetCallerIdentityCommand({})), { name: 'ExpiredToken' });
  const borrowed = { ...session(now + 60_000), sessionToken: session(now + 60_000).sessionToken };
  const thief = new LambdaClient({ ...options, credentials: borrowed });
  await assert.rejects(thief.send(new InvokeCommand({ FunctionName: 'f' })), { name: 'UnrecognizedClientException' });
});

test('each family of services refuses in its own words', async () => {
  const { front, options } = await signed();
  await using _ = front;
  const wrong = { ...options, credentials: { accessKeyId, secretAccessKey: 'wrong' } };
  const unknown = { ...options, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } };
  const invoke = new InvokeCommand({ FunctionName: 'f' });
  const who = new GetCallerIdentityCommand({});
  await assert.rejects(new LambdaClient(wrong).send(invoke), { name: 'InvalidSignatureException' });
  await assert.rejects(new LambdaClient(unknown).send(invoke), { name: 'UnrecognizedClientException' });
  await assert.rejects(new STSClient(wrong).send(who), { name: 'SignatureDoesNotMatch' });
  await assert.rejects(new STSClient(unknown).send(who), { name: 'InvalidClientTokenId' });
  const bare = await fetch(`${front.endpoint}/bucket/key`);
  assert.equal(bare.status, 403);
  assert.match(await bare.text(), /<Code>AccessDenied<\/Code>/);
});

test('a body changed on its way, and a clock a quarter of an hour off, are refused', async () => {
  const { front, options } = await signed();
  await using _ = front;
  const client = new LambdaClient(options);
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body?: unknown }).body = Buffer.from('{"b":2}');
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const changed = client.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{"a":1}') }));
  await assert.rejects(changed, { name: 'InvalidSignatureException' });
  for (const off of [-16, 16]) {
    const clock = { ...systemClock, now: () => systemClock.now() + off * 60_000 };
    const other = await signed(clock);
    await using __ = other.front;
    const late = new LambdaClient({ ...other.options, systemClockOffset: 0 }).send(
      new InvokeCommand({ FunctionName: 'f' }),
    );
    await assert.rejects(late, { name: 'InvalidSignatureException', message: /Signature (expired|not yet current)/ });
  }
});

const region = 'us-east-1';

/** A presigned S3 link, signed `ageS` seconds ago. */
function presigned(host: string, path: string, { ageS = 0, expiresS = 60 } = {}): string {
  const timestamp = new Date(systemClock.now() - ageS * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = { date: timestamp.slice(0, 8), region, service: 's3' };
  const credential = encodeURIComponent(`${accessKeyId}/${scope.date}/${region}/s3/aws4_request`);
  const query =
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${timestamp}` +
    `&X-Amz-Expires=${expiresS}&X-Amz-SignedHeaders=host`;
  const asked = {
    method: 'GET',
    path,
    query,
    headers: { host },
    signedHeaders: 'host',
    payloadHash: 'UNSIGNED-PAYLOAD',
    s3: true,
  };
  const key = new SigningKeys().signingKey(accessKeyId, secretAccessKey, scope);
  return `http://${host}${path}?${query}&X-Amz-Signature=${signatureOf(key, timestamp, scope, canonicalRequest(asked))}`;
}

test('presigned links work until they expire, and for what they name', async () => {
  const { front } = await signed();
  await using _ = front;
  const host = `127.0.0.1:${front.port}`;
  const good = await fetch(presigned(host, '/bucket/a%20key/with(brackets)'));
  assert.equal(await good.text(), 'bucket|a key/with(brackets)');
  const expired = await fetch(presigned(host, '/bucket/key', { ageS: 61 }));
  assert.match(await expired.text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
  const other = await fetch(presigned(host, '/bucket/key').replace('/bucket/key', '/bucket/other'));
  assert.match(await other.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
  assert.equal((await fetch(presigned(host, '/bucket/key', { expiresS: 700_000 }))).status, 400);
});

test('links of version 2, as boto3 makes them for S3', async () => {
  const { front } = await signed();
  await using _ = front;
  const link = (expires: number) => {
    const said = createHmac('sha1', secretAccessKey).update(`GET\n\n\n${expires}\n/bucket/key`).digest('base64');
    const query = `AWSAccessKeyId=${accessKeyId}&Signature=${encodeURIComponent(said)}&Expires=${expires}`;
    return fetch(`${front.endpoint}/bucket/key?${query}`);
  };
  const now = Math.floor(systemClock.now() / 1000);
  assert.equal(await (await link(now + 60)).text(), 'bucket|key');
  assert.match(await (await link(now - 60)).text(), /Request has expired/);
});

test('the open mode takes a twelve-digit access key for its account, and the region from the scope', async () => {
  await using front = await startFront({
    sts: createStsTable(stsParts),
    lambda: { GetFunction: { handle: (_: unknown, { accountId, region: at }) => ({ Tags: { accountId, at } }) } },
  });
  const scope = 'Credential=123456789012/20260101/ap-south-1/lambda/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=00`;
  const headers = { authorization, 'x-amz-date': '20260101T000000Z' };
  const answer = await fetch(`${front.endpoint}/2015-03-31/functions/f`, { headers });
  assert.deepEqual(await answer.json(), { Tags: { accountId: '123456789012', at: 'ap-south-1' } });
  const anonymous = await fetch(`${front.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`);
  assert.match(await anonymous.text(), /<Arn>arn:aws:iam::000000000000:root<\/Arn>/);
});
