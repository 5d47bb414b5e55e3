/** Throttling of methods, as the settings of their stage say. */
import type { MethodSetting } from '@aws-sdk/client-api-gateway';
import type { Buckets } from '../apis/buckets.ts';
import type { Exchange } from './exchange.ts';

/** Each method has a bucket of its own, whether its limits are its own or those of all. */
export function admitsMethod(buckets: Buckets, exchange: Exchange): boolean {
  const { record, stage, resource, call } = exchange;
  const { throttlingBurstLimit: burst = -1, throttlingRateLimit: rate = -1 } = settingsOf(exchange) ?? {};
  if (burst < 0 || rate < 0) return true;
  return buckets.take(`${record.id} ${stage.stageName} ${resource.path}/${call.method}`, { burst, rate });
}

/** A method's own, those of its resource, those of the stage. */
export function settingsOf({ stage, resource, call }: Exchange): MethodSetting | undefined {
  const { methodSettings = {} } = stage;
  const path = resource.path.replace(/^\/(?=.)/, '');
  const key = [`${path}/${call.method}`, `${path}/*`, '*/*'].find((each) => Object.hasOwn(methodSettings, each));
  return key === undefined ? undefined : methodSettings[key];
}
