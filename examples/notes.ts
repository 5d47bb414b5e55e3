/**
 * `npm run example:notes [-- --endpoint URL]`: deploys examples/notes to a server that runs, as one would to AWS: a bucket,
 * a function, an HTTP API before it. Prints the address of its page. May be run again after a change.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  GetApisCommand,
} from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand, LambdaClient, ResourceConflictException } from '@aws-sdk/client-lambda';
import { BucketAlreadyOwnedByYou, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

const root = join(import.meta.dirname, '..');
const example = join(root, 'examples', 'notes');
const name = 'notes';
const accountId = '000000000000';
const functionArn = `arn:aws:lambda:us-east-1:${accountId}:function:${name}`;
const routes = ['GET /', 'GET /notes', 'POST /notes', 'DELETE /notes/{id}'];

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
const endpoint = values.endpoint ?? process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566';
const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'example', secretAccessKey: 'example' } };

try {
  if (!existsSync(join(example, 'node_modules')))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: example });
  await bucket();
  execFileSync(join(root, 'bin', 'lambent'), [
    ...['deploy', example, '--name', name, '--runtime', 'nodejs26.x', '--memory', '1024', '--timeout', '10'],
    ...['--env', `NOTES=${name}`, '--endpoint', endpoint, '--region', 'us-east-1'],
  ]);
  console.log(`${await api()}/`);
} catch (error) {
  console.error(`example:notes: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function bucket(): Promise<void> {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: name })).catch(unless(BucketAlreadyOwnedByYou));
}

/** The API's address; it is made the first time only. */
async function api(): Promise<string> {
  const client = new ApiGatewayV2Client(options);
  const { Items = [] } = await client.send(new GetApisCommand({}));
  const known = Items.find((each) => each.Name === name);
  if (known?.ApiEndpoint !== undefined) return known.ApiEndpoint;
  const { ApiId, ApiEndpoint = '' } = await client.send(new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn,
      PayloadFormatVersion: '2.0',
    }),
  );
  for (const RouteKey of routes) {
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  await permit(ApiId ?? '');
  return ApiEndpoint;
}

async function permit(apiId: string): Promise<void> {
  const permission = new AddPermissionCommand({
    FunctionName: name,
    StatementId: `api-${apiId}`,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:us-east-1:${accountId}:${apiId}/*`,
  });
  await new LambdaClient(options).send(permission).catch(unless(ResourceConflictException));
}

/** Somebody made it before. */
function unless(kind: abstract new (...words: never[]) => Error): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof kind)) throw error;
  };
}
