import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from './parts.ts';

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'POST', 'PUT', '*']);

export function checkedName(name: string | undefined): string {
  if (name === undefined || name === '' || name.length > 128) {
    throw badRequest('Invalid name: it must have from 1 to 128 characters');
  }
  return name;
}

export function checkCors(cors: Cors | undefined): void {
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [], AllowCredentials } = cors ?? {};
  for (const header of [...AllowHeaders, ...ExposeHeaders]) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(header)) throw badRequest(`Invalid header in CORS configuration: ${header}`);
  }
  for (const method of AllowMethods) {
    if (!methods.has(method)) throw badRequest(`Invalid method in CORS configuration: ${method}`);
  }
  for (const origin of AllowOrigins) {
    if (!/^(\*|[a-z][a-z0-9+.-]*:\/\/[\w.:[\]*-]+)$/i.test(origin)) {
      throw badRequest(`Invalid format for origin ${origin} in CORS configuration`);
    }
  }
  const any = [AllowOrigins, AllowMethods, AllowHeaders].some((list) => list.includes('*'));
  if (AllowCredentials && any) {
    throw badRequest('Allow credentials is not supported with a wildcard for origins, methods or headers');
  }
}

export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > 50) throw badRequest('A resource may have at most 50 tags');
  for (const [key, value] of Object.entries(tags)) {
    if (key === '' || key.length > 128 || value.length > 256) {
      throw badRequest('Tag keys have from 1 to 128 characters, and values at most 256');
    }
    if (/^aws:/i.test(key)) throw badRequest('Tag keys that start with "aws:" are reserved');
  }
}
