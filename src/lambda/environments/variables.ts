import type { FunctionVersion } from '../model/function.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { initializationType } from './platform-events.ts';
import type { Sandbox } from './sandbox/sandbox.ts';

/** Short-lived keys of the execution role, as the SDKs read them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface VariablesInput {
  readonly version: FunctionVersion;
  readonly logStream: string;
  readonly provisioned: boolean;
  readonly credentials: RoleCredentials;
}

/** What a process starts with, whatever the function: the runtime's own, and what AWS lets a function change. */
export function baseVariables(runtime: InstalledRuntime): Record<string, string> {
  return { ...overridable, ...runtime.environment };
}

/**
 * What is added once the function is known (reference: lambda-semantics 3.4). The function's own come first, so that it
 * can change what AWS lets it change (PATH, LANG, TZ, …) and nothing else.
 */
export function functionVariables(input: VariablesInput): Record<string, string> {
  const { version, logStream, provisioned, credentials } = input;
  const { loggingConfig, environment } = version.configuration;
  return {
    ...environment,
    ...identity(version),
    AWS_LAMBDA_LOG_GROUP_NAME: loggingConfig.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: loggingConfig.logFormat,
    ...(loggingConfig.applicationLogLevel === undefined
      ? {}
      : { AWS_LAMBDA_LOG_LEVEL: loggingConfig.applicationLogLevel }),
    AWS_LAMBDA_INITIALIZATION_TYPE: initializationType(version, provisioned),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** Those that say where things are as seen from inside a given sandbox. */
export function sandboxVariables({ paths, runtimeApi }: Pick<Sandbox, 'paths' | 'runtimeApi'>): Record<string, string> {
  return { LAMBDA_TASK_ROOT: paths.task, AWS_LAMBDA_RUNTIME_API: runtimeApi };
}

const overridable = {
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
};

function identity({ configuration, name, version, region }: FunctionVersion): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySizeMb),
    _HANDLER: configuration.handler,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    // Custom runtimes do not get it, as on AWS.
    ...(configuration.runtime.startsWith('provided')
      ? {}
      : { AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}` }),
  };
}
