/** Throttling of routes: a bucket each, which holds a burst and fills at a rate. */
import type { RouteSettings } from '@aws-sdk/client-apigatewayv2';
import type { Clock } from '../../base/clock.ts';
import type { Exchange } from './exchange.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

const bucketsMax = 50_000;

export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one request's token; false when there is none. Without both limits there is no limit. */
  admits({ record, stage, route }: Pick<Exchange, 'record' | 'stage' | 'route'>): boolean {
    const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate } = settingsOf(stage, route.RouteKey ?? '');
    if (burst === undefined || rate === undefined) return true;
    const bucket = this.#bucket(`${record.id} ${stage.StageName} ${route.RouteKey}`, burst);
    const now = this.#clock.monotonic();
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucket(key: string, burst: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      // Of APIs that are gone; a burst more for the others does no harm.
      if (this.#buckets.size >= bucketsMax) this.#buckets.clear();
      bucket = { tokens: burst, filledAt: this.#clock.monotonic() };
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

/** A route's own settings, and for the rest the stage's. */
function settingsOf({ DefaultRouteSettings, RouteSettings = {} }: Exchange['stage'], routeKey: string): RouteSettings {
  const own = Object.hasOwn(RouteSettings, routeKey) ? RouteSettings[routeKey] : undefined;
  return { ...DefaultRouteSettings, ...own };
}
