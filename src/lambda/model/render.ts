/** A function version in AWS's shape. */
import type { LastUpdateStatusReasonCode, FunctionConfiguration as Rendered } from '@aws-sdk/client-lambda';
import { invariant } from '../../base/invariant.ts';
import type { FunctionVersion, LoggingConfig } from './function.ts';
import { functionArn } from './function.ts';
import { isRuntimeId } from './runtime-ids.ts';

/** As GetFunctionConfiguration answers. The ARN ends in the qualifier that the caller used, if any. */
export function renderFunction(version: FunctionVersion, qualifier?: string): Rendered {
  const { state, lastUpdateStatus } = version;
  return {
    ...renderListed(version, qualifier),
    State: state.value,
    StateReason: state.reason,
    StateReasonCode: state.reasonCode,
    LastUpdateStatus: lastUpdateStatus?.value,
    LastUpdateStatusReason: lastUpdateStatus?.reason,
    // `Creating` is sent and not modelled [R]; every other code of ours is in the model.
    LastUpdateStatusReasonCode: lastUpdateStatus?.reasonCode as LastUpdateStatusReasonCode | undefined,
  };
}

/** As ListFunctions answers: without the states. */
export function renderListed(version: FunctionVersion, qualifier?: string): Rendered {
  const { configuration, code } = version;
  const { runtime, stored } = configuration;
  invariant(isRuntimeId(runtime), 'every kept function has a runtime that AWS knows');
  return {
    FunctionName: version.name,
    FunctionArn: functionArn(version, qualifier),
    Runtime: runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.size,
    CodeSha256: codeSha256(version),
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memorySizeMb,
    LastModified: awsTimestamp(version.lastModified),
    Version: version.version,
    VpcConfig: stored.VpcConfig && {
      SubnetIds: stored.VpcConfig.SubnetIds ?? [],
      SecurityGroupIds: stored.VpcConfig.SecurityGroupIds ?? [],
      VpcId: '',
      Ipv6AllowedForDualStack: stored.VpcConfig.Ipv6AllowedForDualStack ?? false,
    },
    DeadLetterConfig: stored.DeadLetterConfig,
    Environment: configuration.environment && { Variables: { ...configuration.environment } },
    KMSKeyArn: stored.KMSKeyArn,
    TracingConfig: { Mode: configuration.tracingMode },
    RevisionId: version.revisionId,
    FileSystemConfigs: stored.FileSystemConfigs,
    PackageType: configuration.packageType,
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: configuration.ephemeralStorageMb },
    SnapStart: { ApplyOn: stored.SnapStart?.ApplyOn ?? 'None', OptimizationStatus: version.optimization ?? 'Off' },
    LoggingConfig: renderLogging(configuration.loggingConfig),
    Layers: configuration.layers?.map(({ arn, code: { size } }) => ({ Arn: arn, CodeSize: size })),
  };
}

/** The package's digest as the API shows it. */
export function codeSha256({ code }: Pick<FunctionVersion, 'code'>): string {
  return Buffer.from(code.sha256, 'hex').toString('base64');
}

function renderLogging(logging: LoggingConfig): Rendered['LoggingConfig'] {
  return {
    LogFormat: logging.logFormat,
    ApplicationLogLevel: logging.applicationLogLevel,
    SystemLogLevel: logging.systemLogLevel,
    LogGroup: logging.logGroup,
  };
}

/** AWS writes `2018-11-27T15:10:45.123+0000`. */
export function awsTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
