/** Members that are kept and shown but not acted upon yet (`stored-only.ts` lists them): their rules, and how they merge. */
import type {
  DeadLetterConfig,
  FileSystemConfig,
  SnapStart,
  UpdateFunctionConfigurationRequest,
  VpcConfig,
} from '@aws-sdk/client-lambda';
import { invalidParameterValue } from './errors.ts';

/** Under the AWS member's name; an absent member was never set, or was cleared. */
export interface StoredConfiguration {
  readonly DeadLetterConfig?: DeadLetterConfig;
  readonly VpcConfig?: VpcConfig;
  readonly KMSKeyArn?: string;
  readonly SourceKMSKeyArn?: string;
  readonly FileSystemConfigs?: FileSystemConfig[];
  readonly SnapStart?: SnapStart;
}

export type StoredInput = Pick<
  UpdateFunctionConfigurationRequest,
  'DeadLetterConfig' | 'VpcConfig' | 'KMSKeyArn' | 'FileSystemConfigs' | 'SnapStart'
>;

/** `before` with the members that `input` has; an empty value clears a member, as on AWS. */
export function changedStored(before: StoredConfiguration, input: StoredInput, runtime: string): StoredConfiguration {
  const { DeadLetterConfig, VpcConfig, KMSKeyArn, FileSystemConfigs, SnapStart } = input;
  if (DeadLetterConfig?.TargetArn) checkDeadLetterTarget(DeadLetterConfig.TargetArn);
  if (VpcConfig) checkVpc(VpcConfig);
  for (const { LocalMountPath } of FileSystemConfigs ?? []) checkMountPath(LocalMountPath);
  const next = {
    ...before,
    ...(DeadLetterConfig && { DeadLetterConfig: DeadLetterConfig.TargetArn ? DeadLetterConfig : undefined }),
    ...(VpcConfig && { VpcConfig }),
    ...(KMSKeyArn !== undefined && { KMSKeyArn: KMSKeyArn || undefined }),
    ...(FileSystemConfigs && { FileSystemConfigs: FileSystemConfigs.length > 0 ? FileSystemConfigs : undefined }),
    ...(SnapStart && { SnapStart }),
  };
  if (next.SnapStart?.ApplyOn === 'PublishedVersions') checkSnapStart(runtime);
  if (next.FileSystemConfigs !== undefined && !next.VpcConfig?.SubnetIds?.length) throw fileSystemWithoutVpc();
  return next;
}

function checkDeadLetterTarget(arn: string): void {
  if (/^arn:aws[a-zA-Z-]*:(sqs|sns):[a-z0-9-]+:\d{12}:[\w-]+$/.test(arn)) return;
  throw invalidParameterValue(`The dead letter target must be the ARN of a standard SQS queue or SNS topic: ${arn}`);
}

function checkVpc({ SubnetIds = [], SecurityGroupIds = [] }: VpcConfig): void {
  if (SubnetIds.length > 0 === SecurityGroupIds.length > 0) return;
  throw invalidParameterValue('SubnetIds and SecurityIds must coexist or be both empty list.');
}

/** The model's pattern lets them in. */
function checkMountPath(path: string | undefined): void {
  if (path !== '/mnt/.' && path !== '/mnt/..') return;
  throw invalidParameterValue(`A file system cannot be mounted at ${path}`);
}

function fileSystemWithoutVpc(): Error {
  return invalidParameterValue('Function must be configured to execute in a VPC to reference access point');
}

/** Java from 11, Python from 3.12, .NET from 8. */
function checkSnapStart(runtime: string): void {
  const [, family, major = '0', minor = '0'] = /^(java|python|dotnet)(\d+)(?:\.(\d+))?/.exec(runtime) ?? [];
  const able =
    (family === 'java' && Number(major) >= 11) ||
    (family === 'python' && Number(minor) >= 12) ||
    (family === 'dotnet' && Number(major) >= 8);
  if (!able) throw invalidParameterValue(`${runtime} is not supported for SnapStart enabled functions.`);
}
