/** Whether packages may be deployed as far as their signatures go. */
import type { CodeSigningConfig } from '../../model/code-signing.ts';
import { functionSigningKey } from '../../model/code-signing.ts';
import { codeVerificationFailed } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import type { AttachedLayer } from '../../model/layer.ts';
import type { ResourceStore } from '../../model/resources.ts';
import { signingConfig } from './config.ts';

/** The configuration that a function has. */
export function functionConfig(resources: ResourceStore, key: FunctionKey): CodeSigningConfig | undefined {
  const signing = resources.get('function-signing', functionSigningKey(key));
  return signing && signingConfig(resources, signing.configArn, key);
}

export interface Deployed {
  /** The function, when a package of its own is deployed. */
  readonly functionName?: string;
  readonly layers?: readonly AttachedLayer[];
}

/**
 * Nothing can be signed for this server, so there is no signature that it could verify: every package counts as unsigned,
 * and a configuration that enforces lets none in.
 */
export function verifySignatures(config: CodeSigningConfig | undefined, { functionName, layers = [] }: Deployed): void {
  if (config?.untrusted !== 'Enforce') return;
  const [unsigned] = [...(functionName === undefined ? [] : [functionName]), ...layers.map(({ arn }) => arn)];
  if (unsigned === undefined) return;
  throw codeVerificationFailed(
    `Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for ${unsigned}.`,
  );
}
