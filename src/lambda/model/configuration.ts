/** A function's configuration from what a caller asks for: defaults, limits and merging (reference: lambda-semantics 1.6). */
import type {
  CreateFunctionRequest,
  LoggingConfig as LoggingInput,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { checkedVariables } from './environment-variables.ts';
import { invalidParameterValue, validation, violation } from './errors.ts';
import type { FunctionConfiguration, LoggingConfig } from './function.ts';
import type { AttachedLayer } from './layer.ts';
import * as limits from './limits.ts';
import { checkRuntimeId } from './runtime-ids.ts';
import { changedStored } from './stored-configuration.ts';

export type Architecture = FunctionConfiguration['architecture'];

/** What CreateFunction and UpdateFunctionConfiguration have in common. */
export type ConfigurationInput = Omit<UpdateFunctionConfigurationRequest, 'FunctionName' | 'RevisionId'>;

export function newConfiguration(
  name: string,
  input: CreateFunctionRequest,
  machine: Architecture,
): FunctionConfiguration {
  refuseCreateOnly(input);
  const { Runtime: runtime, Handler: handler, Role: role = '', Code } = input;
  if (runtime === undefined || handler === undefined) {
    throw invalidParameterValue(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  const defaults: FunctionConfiguration = {
    runtime,
    handler,
    role,
    description: '',
    memorySizeMb: limits.memoryMbDefault,
    timeoutSeconds: limits.timeoutSecondsDefault,
    ephemeralStorageMb: limits.ephemeralStorageMbDefault,
    architecture: checkedArchitecture(input.Architectures, machine) ?? machine,
    packageType: 'Zip',
    tracingMode: 'PassThrough',
    loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${name}` },
    stored: Code?.SourceKMSKeyArn ? { SourceKMSKeyArn: Code.SourceKMSKeyArn } : {},
  };
  // The runtime and the role were taken as they came; this checks them with the rest.
  return changedConfiguration(name, defaults, { ...input, Role: role });
}

/** `before` with the members that `input` has. Throws AWS's error for the first that cannot be. */
export function changedConfiguration(
  name: string,
  before: FunctionConfiguration,
  input: ConfigurationInput,
): FunctionConfiguration {
  refuseUnsupported(input);
  const runtime = input.Runtime === undefined ? before.runtime : checkRuntimeId(input.Runtime);
  return {
    ...before,
    runtime,
    handler: input.Handler === undefined ? before.handler : checkedHandler(input.Handler),
    role: input.Role === undefined ? before.role : checkedRole(input.Role),
    description: input.Description ?? before.description,
    memorySizeMb: within(input.MemorySize, 'MemorySize', limits.memoryMbMin, limits.memoryMbMax) ?? before.memorySizeMb,
    timeoutSeconds:
      within(input.Timeout, 'Timeout', limits.timeoutSecondsMin, limits.timeoutSecondsMax) ?? before.timeoutSeconds,
    ephemeralStorageMb:
      within(
        input.EphemeralStorage?.Size,
        'EphemeralStorage.Size',
        limits.ephemeralStorageMbMin,
        limits.ephemeralStorageMbMax,
      ) ?? before.ephemeralStorageMb,
    environment: input.Environment ? checkedVariables(input.Environment.Variables) : before.environment,
    tracingMode: input.TracingConfig?.Mode ?? before.tracingMode,
    loggingConfig: input.LoggingConfig ? logging(name, input.LoggingConfig) : before.loggingConfig,
    stored: changedStored(before.stored, input, runtime),
  };
}

/** An empty list takes the layers away, as on AWS. */
export function withLayers(
  configuration: FunctionConfiguration,
  layers: readonly AttachedLayer[] | undefined,
): FunctionConfiguration {
  if (layers === undefined) return configuration;
  const { layers: _, ...others } = configuration;
  return layers.length > 0 ? { ...others, layers } : others;
}

/** The one architecture asked for, or undefined when none was. */
export function checkedArchitecture(
  asked: readonly Architecture[] | undefined,
  machine: Architecture,
): Architecture | undefined {
  if (asked === undefined) return undefined;
  const [architecture, ...others] = asked;
  if (architecture === undefined || others.length > 0) {
    throw invalidParameterValue('Architectures must name exactly one of x86_64 and arm64');
  }
  if (architecture !== machine) {
    throw invalidParameterValue(
      `Cannot run a function on ${architecture}: this machine is ${machine}. Set Architectures to ["${machine}"], or leave it out`,
    );
  }
  return architecture;
}

function checkedHandler(handler: string): string {
  if (/^[^\s]{1,128}$/.test(handler)) return handler;
  throw validation(violation(handler, 'handler', 'Member must satisfy regular expression pattern: [^\\s]+'));
}

const rolePattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
const role = new RegExp(`^${rolePattern}$`);

function checkedRole(arn: string): string {
  if (role.test(arn)) return arn;
  throw validation(violation(arn, 'role', `Member must satisfy regular expression pattern: ${rolePattern}`));
}

/** The model allows more, for managed instances; this is what default compute takes, in the words AWS has for it. */
function within(value: number | undefined, member: string, min: number, max: number): number | undefined {
  if (value === undefined || (value >= min && value <= max)) return value;
  const bound = value > max ? `less than or equal to ${max}` : `greater than or equal to ${min}`;
  throw invalidParameterValue(`'${member}' value failed to satisfy constraint: Member must have value ${bound}`);
}

/** Replaces what was there as a whole, as AWS does. */
function logging(name: string, input: LoggingInput): LoggingConfig {
  const { LogFormat = 'Text', LogGroup, ApplicationLogLevel, SystemLogLevel } = input;
  const logGroup = LogGroup ?? `/aws/lambda/${name}`;
  if (LogFormat === 'JSON') {
    return {
      logFormat: 'JSON',
      logGroup,
      applicationLogLevel: ApplicationLogLevel ?? 'INFO',
      systemLogLevel: SystemLogLevel ?? 'INFO',
    };
  }
  if (ApplicationLogLevel !== undefined || SystemLogLevel !== undefined) {
    throw invalidParameterValue(
      'ApplicationLogLevel and SystemLogLevel can only be set for functions configured to use JSON log format.',
    );
  }
  return { logFormat: 'Text', logGroup };
}

/** What we would otherwise leave out without a word. */
function refuseUnsupported(input: ConfigurationInput): void {
  if (input.ImageConfig !== undefined) {
    throw invalidParameterValue('Cannot set ImageConfig: the function is a ZIP package, and images come later');
  }
  if (input.CapacityProviderConfig !== undefined) throw notThere('CapacityProviderConfig', 'managed instances');
  if (input.DurableConfig !== undefined) throw notThere('DurableConfig', 'durable functions');
}

function refuseCreateOnly(input: CreateFunctionRequest): void {
  if (input.PackageType === 'Image') throw notThere('PackageType Image', 'container images');
  if (input.PublishTo !== undefined) throw notThere('PublishTo', 'managed instances');
  if (input.TenancyConfig !== undefined) throw notThere('TenancyConfig', 'tenant isolation');
}

export function notThere(member: string, feature: string): Error {
  return invalidParameterValue(`Cannot accept ${member}: Lambent does not have ${feature} yet`);
}
