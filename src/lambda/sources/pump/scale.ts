/**
 * How many batches of a source may be with its function at once. AWS begins with five pollers, adds three hundred a minute
 * while there is a backlog, and backs off when the function fails or is throttled (reference: lambda-semantics 5.2).
 */
import type { MappingConfiguration } from '../../model/mapping/mapping.ts';

export interface ScaleLimits {
  readonly initial: number;
  readonly max: number;
  /** Between one more and the next. */
  readonly growEveryMs: number;
}

const pollersInitial = 5;
const concurrencyMax = 1250;
/** Three hundred a minute. */
const growEveryMs = 200;
const batchesOfPoller = 10;
const provisionedMin = 2;
const provisionedMax = 200;
const provisionedGrowth = 3;

type Configured = Pick<MappingConfiguration, 'ScalingConfig' | 'ProvisionedPollerConfig'>;

export function scaleLimits({ ScalingConfig, ProvisionedPollerConfig: provisioned }: Configured): ScaleLimits {
  if (provisioned !== undefined) {
    const { MinimumPollers = provisionedMin, MaximumPollers = Math.max(provisionedMax, MinimumPollers) } = provisioned;
    return {
      initial: MinimumPollers * batchesOfPoller,
      max: MaximumPollers * batchesOfPoller,
      growEveryMs: Math.ceil(growEveryMs / provisionedGrowth),
    };
  }
  const max = Math.min(concurrencyMax, ScalingConfig?.MaximumConcurrency ?? concurrencyMax);
  return { initial: Math.min(pollersInitial, max), max, growEveryMs };
}

export function grown(permitted: number, { max }: ScaleLimits): number {
  return Math.min(max, permitted + 1);
}

/** After a failure: half as many, and then slowly more again. */
export function backedOff(permitted: number): number {
  return Math.max(1, Math.floor(permitted / 2));
}
