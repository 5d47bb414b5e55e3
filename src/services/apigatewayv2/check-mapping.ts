/** Parameter mapping as it is configured: what may be changed, and how it is written. */
import { badRequest } from './parts.ts';

export interface Change {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly place: 'header' | 'querystring' | 'path' | 'statuscode';
  readonly name: string;
}

// What API Gateway itself sets, or what a proxy must not touch.
const reserved =
  /^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers?|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/i;

/** `append:header.name`; undefined for what is no change of a request or response. */
export function parseChange(key: string, of: 'request' | 'response'): Change | undefined {
  if (key === 'overwrite:path' && of === 'request') return { action: 'overwrite', place: 'path', name: '' };
  if (key === 'overwrite:statuscode' && of === 'response') {
    return { action: 'overwrite', place: 'statuscode', name: '' };
  }
  const {
    action,
    place,
    name = '',
  } = /^(?<action>append|overwrite|remove):(?<place>header|querystring)\.(?<name>[^\s:,]{1,256})$/.exec(key)?.groups ??
  {};
  if (action === undefined || (place === 'querystring' && of === 'response')) return undefined;
  if (place === 'header' && !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return undefined;
  return { action, place, name } as Change; // the pattern has these words alone
}

export function checkRequestParameters(parameters: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(parameters)) check(key, value, 'request');
}

export function checkResponseParameters(byStatus: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  for (const [status, parameters] of Object.entries(byStatus)) {
    if (!/^[1-9]\d\d$/.test(status)) throw badRequest(`Invalid status code in response parameters: ${status}`);
    for (const [key, value] of Object.entries(parameters)) check(key, value, 'response');
  }
}

function check(key: string, value: string, of: 'request' | 'response'): void {
  const change = parseChange(key, of);
  if (change === undefined) throw badRequest(`Invalid mapping expression specified: ${key} of a ${of}`);
  if (change.place === 'header' && reserved.test(change.name)) {
    throw badRequest(`Operations on header ${change.name} are restricted`);
  }
  // The value of what is removed says nothing: AWS takes the empty pair of quotes.
  if (change.action === 'remove') return;
  const sources = of === 'request' ? /^(request|context|stageVariables)\./ : /^(response|context|stageVariables)\./;
  for (const [, braced, plain] of value.matchAll(/\$\{([^}]*)\}|\$([A-Za-z][\w.-]*)/g)) {
    const source = braced ?? plain ?? '';
    if (!sources.test(source) && !/^request\.(path|body)$|^response\.body$/.test(source)) {
      throw badRequest(`Invalid mapping expression specified: $${source}`);
    }
  }
}
