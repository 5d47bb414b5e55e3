/** What is kept of code signing: configurations that stand alone, and which of them a function has. */
import type { CodeSigningPolicy } from '@aws-sdk/client-lambda';
import type { FunctionKey } from './function.ts';
import { ownedKey, type Place, type ResourceKey } from './resources.ts';
import type { Tags } from './tags.ts';

export interface CodeSigningConfig {
  /** `csc-…` */
  readonly id: string;
  readonly description?: string;
  /** ARNs of signing profile versions. */
  readonly publishers: readonly string[];
  /** What happens to a package that none of them signed. */
  readonly untrusted: CodeSigningPolicy;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly tags: Tags;
  /** Changes with the configuration, and when a function takes it: so that it cannot be deleted meanwhile. */
  readonly revisionId: string;
}

/** Which configuration a function has. */
export interface FunctionSigning {
  readonly configArn: string;
}

export function signingConfigArn({ accountId, region }: Place, id: string): string {
  return `arn:aws:lambda:${region}:${accountId}:code-signing-config:${id}`;
}

export function signingConfigKey({ accountId, region }: Place, id: string): ResourceKey {
  return { accountId, region, owner: '', name: id };
}

export function functionSigningKey(key: FunctionKey): ResourceKey {
  return ownedKey(key, '');
}
