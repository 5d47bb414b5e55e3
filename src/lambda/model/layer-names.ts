/** The ways to name a layer and its versions (reference: lambda-semantics 1.2, 1.3). */
import { accessDenied, invalidParameterValue, resourceNotFound } from './errors.ts';
import type { LayerKey, LayerVersionKey } from './layer.ts';
import { layerArn, layerVersionArn } from './layer.ts';
import type { NameContext } from './names.ts';

// The front has held what comes to the model's patterns before.
const arnForm =
  /^arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):layer:(?<name>[a-zA-Z0-9_-]+)(?::(?<version>\d{1,12}))?$/;

/** A name or an ARN, without a version; perhaps of another account. */
export function namedLayer(input: string | undefined, { region, accountId }: NameContext): LayerKey {
  const text = input ?? '';
  const parts = arnForm.exec(text)?.groups;
  if (parts?.name === undefined) return { accountId, region, name: text };
  if (parts.region !== region || parts.account === undefined) throw noSuchResource();
  return { accountId: parts.account, region, name: parts.name };
}

/** As `namedLayer`, for what only the layer's own account may do. */
export function ownLayer(input: string | undefined, context: NameContext): LayerKey {
  const key = namedLayer(input, context);
  if (key.accountId !== context.accountId) throw layerDenied(layerArn(key), context.operation, context);
  return key;
}

export function namedLayerVersion(
  layer: string | undefined,
  version: number | undefined,
  context: NameContext,
): LayerVersionKey {
  return { ...namedLayer(layer, context), version: checkedVersion(version) };
}

export function ownLayerVersion(
  layer: string | undefined,
  version: number | undefined,
  context: NameContext,
): LayerVersionKey {
  const key = { ...namedLayer(layer, context), version: checkedVersion(version) };
  if (key.accountId !== context.accountId) throw layerDenied(layerVersionArn(key), context.operation, context);
  return key;
}

/** Undefined for anything but the ARN of a layer version; its region and account are whatever it says. */
export function parsedLayerVersionArn(arn: string): LayerVersionKey | undefined {
  const { region, account, name, version } = arnForm.exec(arn)?.groups ?? {};
  if (region === undefined || account === undefined || name === undefined || version === undefined) return undefined;
  return { accountId: account, region, name, version: Number(version) };
}

export function noSuchResource(): Error {
  return resourceNotFound('The resource you requested does not exist.');
}

export function layerDenied(arn: string, action: string, { principal }: Pick<NameContext, 'principal'>): Error {
  return accessDenied(
    `User: ${principal.arn} is not authorized to perform: lambda:${action} on resource: ${arn} because no resource-based policy allows the lambda:${action} action`,
  );
}

function checkedVersion(version = 0): number {
  if (version >= 1) return version;
  throw invalidParameterValue('Layer Version Cannot be less than 1');
}
