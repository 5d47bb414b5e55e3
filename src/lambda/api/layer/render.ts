/** Layer versions in AWS's shapes. */
import type { GetLayerVersionResponse, LayerVersionsListItem } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import type { LayerVersion, LayerVersionKey } from '../../model/layer.ts';
import { layerArn, layerVersionArn } from '../../model/layer.ts';
import { awsTimestamp } from '../../model/render.ts';
import { codeLink } from '../code-link.ts';
import type { LambdaParts } from '../parts.ts';

/** As lists show it: without the package. */
export function renderListedVersion(key: LayerVersionKey, version: LayerVersion): LayerVersionsListItem {
  const { compatibleArchitectures, compatibleRuntimes } = version;
  return {
    LayerVersionArn: layerVersionArn(key),
    Version: version.version,
    Description: version.description,
    CreatedDate: awsTimestamp(version.createdAt),
    CompatibleArchitectures: compatibleArchitectures && [...compatibleArchitectures],
    CompatibleRuntimes: compatibleRuntimes && [...compatibleRuntimes],
    LicenseInfo: version.licenseInfo,
  };
}

export function renderVersion(
  { serverSecret, clock }: Pick<LambdaParts, 'serverSecret' | 'clock'>,
  key: LayerVersionKey,
  version: LayerVersion,
  { endpoint }: RequestContext,
): GetLayerVersionResponse {
  const { sha256, size } = version.code;
  return {
    Content: {
      Location: codeLink({ endpoint, sha256, serverSecret, now: clock.now() }),
      CodeSha256: Buffer.from(sha256, 'hex').toString('base64'),
      CodeSize: size,
    },
    LayerArn: layerArn(key),
    ...renderListedVersion(key, version),
  };
}
