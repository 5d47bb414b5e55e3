import type { ListLayersRequest } from '@aws-sdk/client-lambda';
import type { LayerVersion } from '../../model/layer.ts';

export type Wanted = Pick<ListLayersRequest, 'CompatibleRuntime' | 'CompatibleArchitecture'>;

/** Whether a version says of itself that it fits; one that says nothing is not found by a filter. */
export function isCompatible(version: LayerVersion, { CompatibleRuntime, CompatibleArchitecture }: Wanted): boolean {
  const { compatibleRuntimes = [], compatibleArchitectures = [] } = version;
  return (
    (CompatibleRuntime === undefined || compatibleRuntimes.includes(CompatibleRuntime)) &&
    (CompatibleArchitecture === undefined || compatibleArchitectures.includes(CompatibleArchitecture))
  );
}
