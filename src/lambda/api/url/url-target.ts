import { resourceNotFound } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import { type NameContext, namedFunction } from '../../model/names.ts';
import { type FunctionUrl, urlKey } from '../../model/url.ts';
import { existingVersion } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

export interface UrlTarget {
  readonly key: FunctionKey;
  readonly alias: string | undefined;
}

interface Asked {
  readonly FunctionName?: string;
  readonly Qualifier?: string;
}

/** The function or the alias, which has to be there; that nothing else is meant, AWS's model says. */
export function urlTarget(parts: LambdaParts, { FunctionName, Qualifier }: Asked, context: NameContext): UrlTarget {
  const named = namedFunction(FunctionName, context, Qualifier);
  existingVersion(parts, named);
  return { key: named.key, alias: named.qualifier };
}

export interface ExistingUrl extends UrlTarget {
  readonly url: FunctionUrl;
}

/** A configuration outlives its alias (reference: lambda-semantics 1.1), so the alias is not asked for. */
export function existingUrl(parts: LambdaParts, { FunctionName, Qualifier }: Asked, context: NameContext): ExistingUrl {
  const { key, qualifier: alias } = namedFunction(FunctionName, context, Qualifier);
  existingVersion(parts, { key });
  const url = parts.resources.get('function-url', urlKey(key, alias));
  if (url === undefined) throw urlNotFound();
  return { key, alias, url };
}

export function urlNotFound(): Error {
  return resourceNotFound('The resource you requested does not exist.');
}
