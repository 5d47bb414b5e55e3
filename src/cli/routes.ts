/** Where an alias leads, as the API has it, as a person writes it, and as a person reads it. */
import { UsageError } from '../config/flags.ts';
import { isObject, textOf } from './client.ts';

export interface Route {
  readonly version: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** The version that an alias names comes first. */
export function routesOf(alias: Record<string, unknown>): Route[] {
  const routing = isObject(alias.RoutingConfig) ? alias.RoutingConfig.AdditionalVersionWeights : undefined;
  const further = Object.entries(isObject(routing) ? routing : {}).map(([version, weight]) => {
    return { version, share: typeof weight === 'number' ? weight : 0 };
  });
  const rest = further.reduce((left, { share }) => left - share, 1);
  return [{ version: textOf(alias.FunctionVersion) ?? '?', share: rest }, ...further];
}

/** `2`, or `2 90%, 3 10%`. */
export function routeText(routes: readonly Route[]): string {
  if (routes.length === 1) return routes[0]?.version ?? '';
  return routes.map(({ version, share }) => `${version} ${percent(share)}`).join(', ');
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** What `2`, `2 3=0.1`, `2 3=10%` and `2=0.9 3=0.1` ask for, in the API's members. */
export function askedRoute(words: readonly string[]): object {
  const [first, second, third] = words.map(wordOf);
  if (first === undefined) throw new UsageError('VERSION is missing: an alias leads to a version');
  if (third !== undefined) throw new UsageError('Cannot lead an alias to three versions: two at most');
  const weight = second?.share ?? 0;
  if (second !== undefined && second.share === undefined) {
    throw new UsageError(`Cannot tell the share of version ${second.version}: write it as ${second.version}=0.1`);
  }
  if (first.share !== undefined && Math.abs(first.share + weight - 1) > 1e-9) {
    throw new UsageError(`Cannot split into ${words.join(' ')}: the shares make ${percent(first.share + weight)}`);
  }
  return {
    FunctionVersion: first.version,
    RoutingConfig: { AdditionalVersionWeights: second === undefined ? {} : { [second.version]: weight } },
  };
}

function wordOf(word: string): { version: string; share?: number } {
  const [, version, share, sign] = /^(\$LATEST|\d+)(?:=(\d+(?:\.\d+)?|\.\d+)(%?))?$/.exec(word) ?? [];
  if (version === undefined) {
    throw new UsageError(`Cannot use ${JSON.stringify(word)}: expected a version, or VERSION=WEIGHT as 3=0.1 or 3=10%`);
  }
  if (share === undefined) return { version };
  const value = sign === '%' ? Number(share) / 100 : Number(share);
  if (value > 1) throw new UsageError(`Cannot use ${JSON.stringify(word)}: a weight is from 0 to 1, or up to 100%`);
  return { version, share: value };
}
