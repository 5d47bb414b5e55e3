/**
 * What is kept of a function. A `FunctionRecord` is one document in the store; a `FunctionVersion` is an immutable
 * snapshot: every change makes a new one with a new `id`, so environments keyed by `id` never run old code.
 */

import type { ApplicationLogLevel, LastUpdateStatusReasonCode, SystemLogLevel } from '@aws-sdk/client-lambda';
import type { AttachedLayer } from './layer.ts';
import type { StoredConfiguration } from './stored-configuration.ts';

export type State = 'Pending' | 'Active' | 'Inactive' | 'Failed';
export type LastUpdateStatus = 'Successful' | 'InProgress' | 'Failed';

/** AWS also sends `Creating` for an update, which its model does not list. */
export type ReasonCode = LastUpdateStatusReasonCode | 'Creating';

/** A state with AWS's reason text and code beside it. */
export interface Stated<S extends string> {
  readonly value: S;
  readonly reason?: string;
  readonly reasonCode?: ReasonCode;
}

/** The content of a package. `sha256` is hexadecimal here; the API shows it in base64. */
export interface CodeReference {
  readonly sha256: string;
  /** Bytes of the ZIP. */
  readonly size: number;
  /** Bytes once unpacked. */
  readonly unzippedSize: number;
}

/** What the caller configures; defaults filled in (reference: lambda-semantics 1.6). */
export interface FunctionConfiguration {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly ephemeralStorageMb: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly architecture: 'x86_64' | 'arm64';
  readonly packageType: 'Zip' | 'Image';
  readonly tracingMode: 'Active' | 'PassThrough';
  readonly loggingConfig: LoggingConfig;
  /** In the order in which they are laid over each other; absent when there are none. */
  readonly layers?: readonly AttachedLayer[];
  /**
   * Accepted, validated and shown, not yet acted upon (each is named in docs/compatibility.md), under the AWS member's
   * name: DeadLetterConfig, VpcConfig, KMSKeyArn, FileSystemConfigs, SnapStart, …
   */
  readonly stored: StoredConfiguration;
}

export interface LoggingConfig {
  readonly logFormat: 'Text' | 'JSON';
  readonly logGroup: string;
  readonly applicationLogLevel?: ApplicationLogLevel;
  readonly systemLogLevel?: SystemLogLevel;
}

/** One immutable snapshot of code and configuration. */
export interface FunctionVersion {
  /** Unique over all functions and all time; the key of its environments. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  readonly code: CodeReference;
  readonly revisionId: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly state: Stated<State>;
  /** Absent until the first creation is done [R]. */
  readonly lastUpdateStatus?: Stated<LastUpdateStatus>;
  /** Of a version that was published with SnapStart: whether its environments start from a snapshot. */
  readonly optimization?: 'On' | 'Off';
  /** What `$LATEST` was described as when this was published with a description of its own. */
  readonly descriptionOfLatest?: string;
}

/** A function: what should be (`latest`) and what answers invocations meanwhile (`serving`). */
export interface FunctionRecord {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly latest: FunctionVersion;
  /** The snapshot that invocations of `$LATEST` run; absent until the first creation is done. */
  readonly serving?: FunctionVersion;
  /** The version that was published along with a change, and becomes ready or fails with it. */
  readonly publishing?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

export interface FunctionKey {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** For a map by function. */
export function functionKeyText({ accountId, region, name }: FunctionKey): string {
  return `${accountId}/${region}/${name}`;
}

/** `arn:aws:lambda:us-east-1:000000000000:function:name[:qualifier]`. */
export function functionArn({ accountId, region, name }: FunctionKey, qualifier?: string): string {
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
