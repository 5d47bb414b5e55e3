import type { FunctionKey, FunctionVersion } from '../model/function.ts';

/** Where the engine's numbers go: CloudWatch's namespace AWS/Lambda. Called on the way of an invocation: cheap, never throws. */
export interface MetricSink {
  add(scope: { readonly accountId: string; readonly region: string }, sample: MetricSample): void;
}

export interface MetricSample {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Sorted by name; none for the account's own. */
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export interface FinishedInvocation {
  readonly version: FunctionVersion;
  /** As the caller named it. */
  readonly invokedArn: string;
  readonly durationMs: number;
  /** What extensions took when the runtime was done, where there are some. */
  readonly extensionsMs?: number;
  /** The function failed, timed out or ended. */
  readonly failed: boolean;
  readonly at: number;
}

/** What the admission knows of who runs. */
export interface Concurrency {
  /** Of an account and region: invocations of functions without a reservation, and what others cannot have any more. */
  account(key: FunctionKey): { readonly unreserved: number; readonly claimed: number };
  /** Of a version with provisioned concurrency: how much it has, and how much of that is busy. */
  provisionedUse(version: FunctionVersion): { readonly allocated: number; readonly busy: number } | undefined;
}

const ofAccount: MetricSample['dimensions'] = [];

/** What AWS counts of invocations (reference: lambda-semantics 9.2), by function, by resource and of the account. */
export class InvocationMetrics {
  readonly #sink: MetricSink;
  readonly #concurrency: Concurrency;
  /** Invocations, by account and region and by function. */
  readonly #underWay = new Map<string, number>();
  /** By the ARN that was invoked and the version that ran: an alias may lead to two. */
  readonly #dimensions = new Map<string, Map<string, readonly MetricSample['dimensions'][]>>();

  constructor(sink: MetricSink, concurrency: Concurrency) {
    this.#sink = sink;
    this.#concurrency = concurrency;
  }

  /** Was admitted; `left` follows once. */
  entered(version: FunctionVersion): void {
    this.#move(version, 1);
  }

  left(version: FunctionVersion): void {
    this.#move(version, -1);
  }

  /** Before it has left. */
  finished({ version, invokedArn, durationMs, extensionsMs, failed, at }: FinishedInvocation): void {
    const all = this.#dimensionsOf(version, invokedArn);
    this.#count(version, all, 'Invocations', 1, at);
    this.#count(version, all, 'Errors', failed ? 1 : 0, at);
    for (const dimensions of all) {
      this.#sink.add(version, { name: 'Duration', unit: 'Milliseconds', value: durationMs, at, dimensions });
    }
    if (extensionsMs !== undefined) {
      this.lasted(version, invokedArn, { name: 'PostRuntimeExtensionsDuration', ms: extensionsMs, at });
    }
    this.#concurrent(version, all, at);
    this.#provisioned(version, all, at);
  }

  throttled(version: FunctionVersion, invokedArn: string, at: number): void {
    this.#count(version, this.#dimensionsOf(version, invokedArn), 'Throttles', 1, at);
  }

  /** Any other count of a function, as AsyncEventsReceived. */
  count(version: FunctionVersion, invokedArn: string, name: string, at: number): void {
    this.#count(version, this.#dimensionsOf(version, invokedArn), name, 1, at);
  }

  /** Any other time of a function, as AsyncEventAge. */
  lasted(
    version: FunctionVersion,
    invokedArn: string,
    { name, ms, at }: { name: string; ms: number; at: number },
  ): void {
    for (const dimensions of this.#dimensionsOf(version, invokedArn)) {
      this.#sink.add(version, { name, unit: 'Milliseconds', value: ms, at, dimensions });
    }
  }

  #move(version: FunctionVersion, by: number): void {
    for (const key of [accountOf(version), functionOf(version)]) {
      const count = (this.#underWay.get(key) ?? 0) + by;
      if (count > 0) this.#underWay.set(key, count);
      else this.#underWay.delete(key);
    }
  }

  #concurrent(version: FunctionVersion, [account = [], named = []]: readonly MetricSample['dimensions'][], at: number) {
    const { unreserved, claimed } = this.#concurrency.account(version);
    const ofAccount = [account];
    this.#count(version, ofAccount, 'ConcurrentExecutions', this.#underWay.get(accountOf(version)) ?? 1, at);
    this.#count(version, [named], 'ConcurrentExecutions', this.#underWay.get(functionOf(version)) ?? 1, at);
    this.#count(version, ofAccount, 'UnreservedConcurrentExecutions', unreserved, at);
    this.#count(version, ofAccount, 'ClaimedAccountConcurrency', claimed, at);
  }

  /** By function and by resource, where the version has some. */
  #provisioned(version: FunctionVersion, [, ...all]: readonly MetricSample['dimensions'][], at: number): void {
    const use = this.#concurrency.provisionedUse(version);
    if (use === undefined) return;
    this.#count(version, all, 'ProvisionedConcurrentExecutions', use.busy, at);
    this.#count(version, all, 'ProvisionedConcurrencyUtilization', use.busy / use.allocated, at);
  }

  #count(
    version: FunctionVersion,
    all: readonly MetricSample['dimensions'][],
    name: string,
    value: number,
    at: number,
  ): void {
    for (const dimensions of all) this.#sink.add(version, { name, unit: 'Count', value, at, dimensions });
  }

  #dimensionsOf(version: FunctionVersion, invokedArn: string): readonly MetricSample['dimensions'][] {
    const known = this.#dimensions.get(invokedArn)?.get(version.version);
    if (known !== undefined) return known;
    const made = dimensionsOf(version, invokedArn);
    if (this.#dimensions.size >= 10_000) this.#dimensions.clear();
    const ofArn = this.#dimensions.get(invokedArn) ?? new Map();
    this.#dimensions.set(invokedArn, ofArn.set(version.version, made));
    return made;
  }
}

/** What an alias led to is a number of its own as well: alarms compare a new version with the one before by it. */
function dimensionsOf({ name, version }: FunctionVersion, invokedArn: string): MetricSample['dimensions'][] {
  const resource = invokedArn.slice(invokedArn.indexOf(':function:') + ':function:'.length);
  const [, qualifier = version] = resource.split(':');
  const named = { Name: 'FunctionName', Value: name };
  const ofResource = [named, { Name: 'Resource', Value: resource }];
  const made = [ofAccount, [named], ofResource];
  if (qualifier !== version) made.push([{ Name: 'ExecutedVersion', Value: version }, ...ofResource]);
  return made;
}

function accountOf({ accountId, region }: FunctionVersion): string {
  return `${accountId}/${region}`;
}

function functionOf(version: FunctionVersion): string {
  return `${accountOf(version)}/${version.name}`;
}
