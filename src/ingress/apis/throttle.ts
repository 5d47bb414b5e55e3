/** Throttling of routes: a bucket each. */
import type { RouteSettings } from '@aws-sdk/client-apigatewayv2';
import type { Clock } from '../../base/clock.ts';
import { Buckets } from './buckets.ts';
import type { Exchange } from './exchange.ts';

export class Throttle {
  readonly #buckets: Buckets;

  constructor(clock: Clock) {
    this.#buckets = new Buckets(clock);
  }

  /** Takes one request's token; false when there is none. Without both limits there is no limit. */
  admits({ record, stage, route }: Pick<Exchange, 'record' | 'stage' | 'route'>): boolean {
    const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate } = settingsOf(stage, route.RouteKey ?? '');
    if (burst === undefined || rate === undefined) return true;
    return this.#buckets.take(`${record.id} ${stage.StageName} ${route.RouteKey}`, { burst, rate });
  }
}

/** A route's own settings, and for the rest the stage's. */
function settingsOf({ DefaultRouteSettings, RouteSettings = {} }: Exchange['stage'], routeKey: string): RouteSettings {
  const own = Object.hasOwn(RouteSettings, routeKey) ? RouteSettings[routeKey] : undefined;
  return { ...DefaultRouteSettings, ...own };
}
