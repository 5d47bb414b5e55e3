/** Functions and layers whose packages lie in a bucket, through the built server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateFunctionCommand,
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createFunction, invoke, lambdaClient, role } from '../harness/client.ts';
import { nodePackage, zip } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const Bucket = 'packages';

test('code comes from a bucket: the latest, or a version of it', async () => {
  await using server = await startServer();
  const lambda = lambdaClient(server.endpoint);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const put = async (Key: string, Body: Buffer) =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const first = await put('f.zip', nodePackage('exports.handler = async () => 1;'));
  await put('f.zip', nodePackage('exports.handler = async () => 2;'));
  await createFunction(lambda, { name: 'f', zip: Buffer.of(), Code: { S3Bucket: Bucket, S3Key: 'f.zip' } });
  assert.equal((await invoke(lambda, 'f')).payload, 2);
  const update = { FunctionName: 'f', S3Bucket: Bucket, S3Key: 'f.zip', S3ObjectVersion: first };
  await lambda.send(new UpdateFunctionCodeCommand(update));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 0.05 }, { FunctionName: 'f' });
  assert.equal((await invoke(lambda, 'f')).payload, 1);
  await put('layer.zip', zip([{ name: 'nodejs/a.js', content: '' }]));
  const Content = { S3Bucket: Bucket, S3Key: 'layer.zip' };
  const layer = await lambda.send(new PublishLayerVersionCommand({ LayerName: 'l', Content }));
  assert.equal(layer.Version, 1);
  await put('no.zip', Buffer.from('no archive'));
  const refused: readonly [message: RegExp, Code: object][] = [
    [
      /^Error occurred while GetObject\. S3 Error Code: NoSuchKey\. S3 Error Message: The specified key does not exist\.$/,
      { S3Bucket: Bucket, S3Key: 'absent' },
    ],
    [/S3 Error Code: NoSuchBucket\./, { S3Bucket: 'nowhere', S3Key: 'k' }],
    [/S3 Error Code: NoSuchVersion\./, { S3Bucket: Bucket, S3Key: 'f.zip', S3ObjectVersion: 'nobody' }],
    [/^Could not unzip uploaded file/, { S3Bucket: Bucket, S3Key: 'no.zip' }],
  ];
  for (const [message, Code] of refused) {
    const wanted = { FunctionName: 'g', Runtime: 'nodejs26.x', Handler: 'index.handler', Role: role, Code } as const;
    await assert.rejects(lambda.send(new CreateFunctionCommand(wanted)), {
      name: 'InvalidParameterValueException',
      message,
    });
  }
  const other = new S3Client({ endpoint: server.endpoint, region: 'eu-west-1', credentials });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await other.send(new CreateBucketCommand({ Bucket: 'europe', CreateBucketConfiguration }));
  const far = new UpdateFunctionCodeCommand({ FunctionName: 'f', S3Bucket: 'europe', S3Key: 'k' });
  await assert.rejects(lambda.send(far), { message: /S3 Error Code: PermanentRedirect\./ });
});
