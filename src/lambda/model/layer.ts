/** What is kept of layers: each published version is one document of its own, immutable. */
import type { Architecture, Runtime } from '@aws-sdk/client-lambda';
import type { CodeReference } from './function.ts';
import type { Place, ResourceKey } from './resources.ts';

export interface LayerVersion {
  readonly version: number;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly compatibleRuntimes?: readonly Runtime[];
  readonly compatibleArchitectures?: readonly Architecture[];
  readonly licenseInfo?: string;
  readonly code: CodeReference;
}

/** Stays when all versions are deleted: no number is given twice. */
export interface Layer {
  readonly last: number;
  readonly revisionId: string;
}

/** As a function has it: with the package, so that it outlives the layer version. */
export interface AttachedLayer {
  /** Of the layer version. */
  readonly arn: string;
  readonly code: CodeReference;
}

export interface LayerKey extends Place {
  readonly name: string;
}

export interface LayerVersionKey extends LayerKey {
  readonly version: number;
}

export function layerArn({ accountId, region, name }: LayerKey): string {
  return `arn:aws:lambda:${region}:${accountId}:layer:${name}`;
}

export function layerVersionArn(key: LayerVersionKey): string {
  return `${layerArn(key)}:${key.version}`;
}

/** Where the layer itself is kept, with the numbers it has given. */
export function layerPlace({ accountId, region, name }: LayerKey): ResourceKey {
  return { accountId, region, owner: '', name };
}

/** Where a version is kept, and its policy. */
export function layerVersionPlace({ accountId, region, name, version }: LayerVersionKey): ResourceKey {
  return { accountId, region, owner: name, name: newestFirst(version) };
}

const versionMax = 999_999_999_999;

/** Documents are listed by ascending names, and layer versions are wanted the newest first. */
export function newestFirst(version: number): string {
  return String(versionMax - version).padStart(12, '0');
}
