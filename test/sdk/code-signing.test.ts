/** Code signing configurations with the SDK against a live server, and what they keep out. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateCodeSigningConfigCommand,
  DeleteCodeSigningConfigCommand,
  DeleteFunctionCodeSigningConfigCommand,
  GetCodeSigningConfigCommand,
  GetFunctionCodeSigningConfigCommand,
  ListTagsCommand,
  PutFunctionCodeSigningConfigCommand,
  paginateListFunctionsByCodeSigningConfig,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const SigningProfileVersionArns = ['arn:aws:signer:us-east-1:000000000000:/signing-profiles/mine/abcdefghij'];
const source = nodePackage('exports.handler = async () => 1;');

test('a function under Enforce takes no unsigned package, also after a restart; its configuration stays while it is used', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-signing-'));
  try {
    let arn = '';
    {
      await using server = await startServer({ dataDir });
      const client = lambdaClient(server.endpoint);
      const made = await client.send(
        new CreateCodeSigningConfigCommand({
          AllowedPublishers: { SigningProfileVersionArns },
          CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
          Tags: { team: 'a' },
        }),
      );
      arn = made.CodeSigningConfig?.CodeSigningConfigArn ?? '';
      await createFunction(client, { name: 'f', zip: source });
      await client.send(new PutFunctionCodeSigningConfigCommand({ FunctionName: 'f', CodeSigningConfigArn: arn }));
      await assert.rejects(createFunction(client, { name: 'g', zip: source, CodeSigningConfigArn: arn }), {
        name: 'CodeVerificationFailedException',
      });
    }
    await using server = await startServer({ dataDir });
    const client = lambdaClient(server.endpoint);
    const update = new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: source });
    await assert.rejects(client.send(update), { name: 'CodeVerificationFailedException' });
    assert.deepEqual((await client.send(new ListTagsCommand({ Resource: arn }))).Tags, { team: 'a' });
    const functions: string[] = [];
    for await (const page of paginateListFunctionsByCodeSigningConfig({ client }, { CodeSigningConfigArn: arn })) {
      functions.push(...(page.FunctionArns ?? []));
    }
    assert.deepEqual(functions, ['arn:aws:lambda:us-east-1:000000000000:function:f']);
    const remove = new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn: arn });
    await assert.rejects(client.send(remove), { name: 'ResourceConflictException' });
    await client.send(new DeleteFunctionCodeSigningConfigCommand({ FunctionName: 'f' }));
    const without = await client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: 'f' }));
    assert.deepEqual([without.CodeSigningConfigArn, without.FunctionName], [undefined, 'f']);
    await client.send(remove);
    await assert.rejects(client.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn: arn })), {
      name: 'ResourceNotFoundException',
    });
    await client.send(update);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
