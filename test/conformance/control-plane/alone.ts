/** For tests: what does not belong to one function: layers, code signing configurations, event source mappings. */
import assert from 'node:assert/strict';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zip } from '../../harness/packages.ts';
import { account, arn, unknownRevision } from './functions.ts';
import type { Visits } from './visits.ts';

const LayerName = 'books';
const layerArn = `arn:aws:lambda:us-east-1:${account}:layer:${LayerName}`;
const ZipFile = zip([{ name: 'nodejs/node_modules/books/index.js', content: 'module.exports = 1;' }]);
const noResource = /^The resource you requested does not exist\.$/;

export async function layers(visits: Visits): Promise<void> {
  const made = await visits.good('PublishLayerVersion', {
    LayerName,
    Content: { ZipFile },
    CompatibleRuntimes: ['nodejs26.x'],
  });
  assert.deepEqual([made.LayerArn, made.LayerVersionArn, made.Version], [layerArn, `${layerArn}:1`, 1]);
  assert.equal((await visits.good('PublishLayerVersion', { LayerName, Content: { ZipFile } })).Version, 2);
  await visits.bad(
    'PublishLayerVersion',
    { LayerName, Content: { ZipFile: Buffer.from('no zip') } },
    'InvalidParameterValueException',
    /^Could not unzip uploaded file\./,
  );
  const { LayerVersions } = await visits.good('ListLayerVersions', { LayerName });
  assert.deepEqual(
    LayerVersions?.map(({ Version }) => Version),
    [2, 1],
  );
  await visits.bad(
    'ListLayerVersions',
    { LayerName: 'a b' },
    'ValidationException',
    /'layerName' failed to satisfy constraint/,
  );
  const { Layers } = await visits.good('ListLayers', { CompatibleRuntime: 'nodejs26.x' });
  assert.deepEqual(
    Layers?.map((each) => each.LayerName),
    [LayerName],
  );
  await visits.bad('ListLayers', { Marker: 'nonsense' }, 'InvalidParameterValueException', /marker/);
  const got = await visits.good('GetLayerVersion', { LayerName, VersionNumber: 1 });
  const content = await fetch(got.Content?.Location ?? '');
  assert.ok(Buffer.from(await content.arrayBuffer()).equals(ZipFile));
  await visits.bad('GetLayerVersion', { LayerName, VersionNumber: 9 }, 'ResourceNotFoundException', noResource);
  await visits.good('GetLayerVersionByArn', { Arn: `${layerArn}:1` });
  await visits.bad('GetLayerVersionByArn', { Arn: `${layerArn}:9` }, 'ResourceNotFoundException', noResource);
  await layerPolicies(visits);
  const use = await visits.good('UpdateFunctionConfiguration', { FunctionName: 'all', Layers: [`${layerArn}:1`] });
  assert.deepEqual(
    use.Layers?.map(({ Arn }) => Arn),
    [`${layerArn}:1`],
  );
  await visits.good('DeleteLayerVersion', { LayerName, VersionNumber: 1 });
  await visits.good('DeleteLayerVersion', { LayerName, VersionNumber: 1 });
  await visits.bad(
    'DeleteLayerVersion',
    { LayerName, VersionNumber: 0 },
    'InvalidParameterValueException',
    /^Layer Version Cannot be less than 1\.?$/,
  );
}

async function layerPolicies(visits: Visits): Promise<void> {
  const place = { LayerName, VersionNumber: 1 };
  const statement = { ...place, StatementId: 's', Action: 'lambda:GetLayerVersion', Principal: '123456789012' };
  const { RevisionId } = await visits.good('AddLayerVersionPermission', statement);
  await visits.bad(
    'AddLayerVersionPermission',
    statement,
    'ResourceConflictException',
    /^The statement id \(s\) provided already exists\./,
  );
  await visits.good('GetLayerVersionPolicy', place);
  await visits.bad(
    'GetLayerVersionPolicy',
    { ...place, VersionNumber: 2 },
    'ResourceNotFoundException',
    /^No policy is associated with the given resource\.$/,
  );
  const wrong = { ...place, StatementId: 's', RevisionId: unknownRevision };
  await visits.bad(
    'RemoveLayerVersionPermission',
    wrong,
    'PreconditionFailedException',
    /^The Revision Id provided does not match the latest Revision Id\./,
  );
  await visits.good('RemoveLayerVersionPermission', { ...wrong, RevisionId });
}

export async function codeSigning(visits: Visits): Promise<void> {
  const AllowedPublishers = {
    SigningProfileVersionArns: [`arn:aws:signer:us-east-1:${account}:/signing-profiles/p/abcdefghij`],
  };
  const made = await visits.good('CreateCodeSigningConfig', { AllowedPublishers });
  const CodeSigningConfigArn = made.CodeSigningConfig?.CodeSigningConfigArn ?? '';
  assert.match(CodeSigningConfigArn, /:code-signing-config:csc-[a-z0-9]{17}$/);
  assert.equal(made.CodeSigningConfig?.CodeSigningPolicies?.UntrustedArtifactOnDeployment, 'Warn');
  await visits.bad(
    'CreateCodeSigningConfig',
    { AllowedPublishers: { SigningProfileVersionArns: [] } },
    'ValidationException',
    /signingProfileVersionArns/,
  );
  const absent = CodeSigningConfigArn.replace(/csc-.*/, 'csc-00000000000000000');
  const FunctionName = 'all';
  await visits.good('PutFunctionCodeSigningConfig', { FunctionName, CodeSigningConfigArn });
  await visits.bad(
    'PutFunctionCodeSigningConfig',
    { FunctionName, CodeSigningConfigArn: absent },
    'CodeSigningConfigNotFoundException',
    /./,
  );
  const { FunctionArns } = await visits.good('ListFunctionsByCodeSigningConfig', { CodeSigningConfigArn });
  assert.deepEqual(FunctionArns, [arn(FunctionName)]);
  await visits.bad(
    'ListFunctionsByCodeSigningConfig',
    { CodeSigningConfigArn: absent },
    'ResourceNotFoundException',
    /./,
  );
  assert.equal(
    (await visits.good('GetFunctionCodeSigningConfig', { FunctionName })).CodeSigningConfigArn,
    CodeSigningConfigArn,
  );
  await visits.bad('GetFunctionCodeSigningConfig', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  await enforced(visits, CodeSigningConfigArn);
  await visits.bad('DeleteCodeSigningConfig', { CodeSigningConfigArn }, 'ResourceConflictException', /./);
  await visits.good('DeleteFunctionCodeSigningConfig', { FunctionName });
  await visits.bad(
    'DeleteFunctionCodeSigningConfig',
    { FunctionName: 'absent' },
    'ResourceNotFoundException',
    /absent/,
  );
  await visits.good('ListCodeSigningConfigs', {});
  await visits.bad('ListCodeSigningConfigs', { Marker: 'nonsense' }, 'InvalidParameterValueException', /marker/);
  await visits.good('DeleteCodeSigningConfig', { CodeSigningConfigArn });
  await visits.bad('GetCodeSigningConfig', { CodeSigningConfigArn }, 'ResourceNotFoundException', /./);
}

/** Nothing unsigned gets in any more. */
async function enforced(visits: Visits, CodeSigningConfigArn: string): Promise<void> {
  const CodeSigningPolicies = { UntrustedArtifactOnDeployment: 'Enforce' } as const;
  await visits.good('UpdateCodeSigningConfig', { CodeSigningConfigArn, CodeSigningPolicies });
  const absent = CodeSigningConfigArn.replace(/csc-.*/, 'csc-00000000000000000');
  await visits.bad(
    'UpdateCodeSigningConfig',
    { CodeSigningConfigArn: absent, CodeSigningPolicies },
    'ResourceNotFoundException',
    /./,
  );
  const got = await visits.good('GetCodeSigningConfig', { CodeSigningConfigArn });
  assert.equal(got.CodeSigningConfig?.CodeSigningPolicies?.UntrustedArtifactOnDeployment, 'Enforce');
  await visits.bad('UpdateFunctionCode', { FunctionName: 'all', ZipFile }, 'CodeVerificationFailedException', /./);
}

export async function mappings(visits: Visits, endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  await new SQSClient({ endpoint, region: 'us-east-1', credentials }).send(
    new CreateQueueCommand({ QueueName: 'work' }),
  );
  const EventSourceArn = `arn:aws:sqs:us-east-1:${account}:work`;
  const made = await visits.good('CreateEventSourceMapping', {
    FunctionName: 'all',
    EventSourceArn,
    BatchSize: 5,
    Enabled: false,
  });
  const UUID = made.UUID ?? '';
  assert.deepEqual([made.State, made.FunctionArn, made.BatchSize], ['Creating', arn('all'), 5]);
  await visits.bad(
    'CreateEventSourceMapping',
    { FunctionName: 'all', EventSourceArn },
    'ResourceConflictException',
    new RegExp(UUID),
  );
  await visits.bad(
    'CreateEventSourceMapping',
    { FunctionName: 'all', EventSourceArn: `arn:aws:kinesis:us-east-1:${account}:stream/s` },
    'InvalidParameterValueException',
    /startingPosition/i,
  );
  await visits.bad(
    'CreateEventSourceMapping',
    { FunctionName: 'absent', EventSourceArn: `${EventSourceArn}2` },
    'InvalidParameterValueException',
    /^Function does not exist$/,
  );
  const { EventSourceMappings } = await visits.good('ListEventSourceMappings', { FunctionName: 'all' });
  assert.deepEqual(
    EventSourceMappings?.map((each) => each.UUID),
    [UUID],
  );
  await visits.bad('ListEventSourceMappings', { Marker: 'nonsense' }, 'InvalidParameterValueException', /marker/);
  const settled = async (): Promise<string | undefined> => {
    const { State } = await visits.good('GetEventSourceMapping', { UUID });
    return State?.endsWith('ing') ? settled() : State;
  };
  assert.equal(await settled(), 'Disabled');
  const updated = await visits.good('UpdateEventSourceMapping', { UUID, BatchSize: 7 });
  assert.equal(updated.BatchSize, 7);
  await settled();
  assert.equal((await visits.good('DeleteEventSourceMapping', { UUID })).State, 'Deleting');
  const absent = { UUID: unknownRevision };
  for (const operation of ['GetEventSourceMapping', 'UpdateEventSourceMapping', 'DeleteEventSourceMapping'] as const) {
    await visits.bad(operation, absent, 'ResourceNotFoundException', /^The resource you requested does not exist\.$/);
  }
}
