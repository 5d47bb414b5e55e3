/** A function's URL: for the function itself or for one of its aliases (reference: lambda-semantics 6.11). */
import type { Cors, FunctionUrlAuthType, FunctionUrlConfig, InvokeMode } from '@aws-sdk/client-lambda';
import { addressOf } from '../../aws/address.ts';
import { invalidParameterValue } from './errors.ts';
import type { FunctionKey } from './function.ts';
import { functionArn } from './function.ts';
import { ownedKey, type ResourceKey } from './resources.ts';

export interface FunctionUrl {
  /** In its address; never given again. */
  readonly id: string;
  readonly authType: FunctionUrlAuthType;
  readonly invokeMode: InvokeMode;
  readonly cors?: Cors;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly lastModified: number;
}

/** Whose the address with an id is, or was: what it names counts only when it still has that id. */
export interface UrlAddress {
  readonly accountId: string;
  readonly region: string;
  readonly functionName: string;
  readonly alias?: string;
}

export function urlKey(key: FunctionKey, alias: string | undefined): ResourceKey {
  return ownedKey(key, alias ?? '');
}

/** Addresses are looked up before it is known whose they are. */
export function addressKey(id: string): ResourceKey {
  return { accountId: '', region: '', owner: '', name: id };
}

const corsMethods = ['GET', 'PUT', 'HEAD', 'POST', 'PATCH', 'DELETE', '*'];

/** An empty structure says nothing, and clears. */
export function checkedCors(cors: Cors): Cors | undefined {
  for (const method of cors.AllowMethods ?? []) {
    if (!corsMethods.includes(method)) {
      throw invalidParameterValue(`CORS takes the methods ${corsMethods.join(', ')}: ${method}`);
    }
  }
  for (const origin of cors.AllowOrigins ?? []) {
    if (origin !== '*' && !/^https?:\/\/[^\s/]+$/.test(origin)) {
      throw invalidParameterValue(`CORS takes origins as https://example.com, or * for any: ${origin}`);
    }
  }
  return Object.values(cors).some((value) => value !== undefined) ? cors : undefined;
}

export interface UrlPlace {
  readonly key: FunctionKey;
  readonly alias: string | undefined;
  /** `http://host:port`, as the caller reached this server. */
  readonly endpoint: string;
}

export function renderUrl(url: FunctionUrl, { key, alias, endpoint }: UrlPlace): FunctionUrlConfig {
  return {
    FunctionUrl: `${addressOf(endpoint, `${url.id}.lambda-url.${key.region}`)}/`,
    FunctionArn: functionArn(key, alias),
    AuthType: url.authType,
    Cors: url.cors,
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.lastModified).toISOString(),
    InvokeMode: url.invokeMode,
  };
}
