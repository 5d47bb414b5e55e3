import type { FunctionKey, FunctionVersion } from '../model/function.ts';

/** Where the engine's numbers go: CloudWatch's namespace AWS/Lambda. */
export interface MetricSink {
  /** One metric of an account and region; asked for once, and kept by whoever counts it. */
  series(scope: { readonly accountId: string; readonly region: string }, named: MetricName): MetricSeries;
}

export interface MetricName {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  /** Sorted by name; none for the account's own. The same object for the same dimensions. */
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** Called on the way of an invocation: cheap, never throws. `at` is in milliseconds since the epoch. */
export interface MetricSeries {
  add(value: number, at: number): void;
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

type Dimensions = MetricName['dimensions'];

const ofAccount: Dimensions = [];

/** What one invocation moves, by the ARN that was invoked and the version that ran: an alias may lead to two. */
interface Counted {
  readonly dimensions: readonly Dimensions[];
  readonly invocations: readonly MetricSeries[];
  readonly errors: readonly MetricSeries[];
  readonly durations: readonly MetricSeries[];
  readonly concurrent: { readonly account: MetricSeries; readonly function: MetricSeries };
  readonly unreserved: MetricSeries;
  readonly claimed: MetricSeries;
  /** By name, what few invocations move. */
  readonly others: Map<string, readonly MetricSeries[]>;
}

/** What AWS counts of invocations (reference: lambda-semantics 9.2), by function, by resource and of the account. */
export class InvocationMetrics {
  readonly #sink: MetricSink;
  readonly #concurrency: Concurrency;
  /** Invocations, by account and region and by function. */
  readonly #underWay = new Map<string, number>();
  readonly #keys = new WeakMap<FunctionVersion, UnderWayKeys>();
  /** By ARN, then by version. */
  readonly #counted = new Map<string, Map<string, Counted>>();

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
    const counted = this.#of(version, invokedArn);
    addAll(counted.invocations, 1, at);
    addAll(counted.errors, failed ? 1 : 0, at);
    addAll(counted.durations, durationMs, at);
    if (extensionsMs !== undefined) {
      this.lasted(version, invokedArn, { name: 'PostRuntimeExtensionsDuration', ms: extensionsMs, at });
    }
    this.#concurrent(version, counted, at);
    this.#provisioned(version, counted, at);
  }

  throttled(version: FunctionVersion, invokedArn: string, at: number): void {
    this.count(version, invokedArn, 'Throttles', at);
  }

  /** Any other count of a function, as AsyncEventsReceived. */
  count(version: FunctionVersion, invokedArn: string, name: string, at: number): void {
    addAll(this.#other(version, this.#of(version, invokedArn), name, 'Count'), 1, at);
  }

  /** Any other time of a function, as AsyncEventAge. */
  lasted(
    version: FunctionVersion,
    invokedArn: string,
    { name, ms, at }: { name: string; ms: number; at: number },
  ): void {
    addAll(this.#other(version, this.#of(version, invokedArn), name, 'Milliseconds'), ms, at);
  }

  #move(version: FunctionVersion, by: number): void {
    const keys = this.#keysOf(version);
    this.#moveOne(keys.account, by);
    this.#moveOne(keys.function, by);
  }

  #moveOne(key: string, by: number): void {
    const count = (this.#underWay.get(key) ?? 0) + by;
    if (count > 0) this.#underWay.set(key, count);
    else this.#underWay.delete(key);
  }

  #concurrent(version: FunctionVersion, counted: Counted, at: number): void {
    const { unreserved, claimed } = this.#concurrency.account(version);
    const keys = this.#keysOf(version);
    counted.concurrent.account.add(this.#underWay.get(keys.account) ?? 1, at);
    counted.concurrent.function.add(this.#underWay.get(keys.function) ?? 1, at);
    counted.unreserved.add(unreserved, at);
    counted.claimed.add(claimed, at);
  }

  /** By function and by resource, where the version has some. */
  #provisioned(version: FunctionVersion, counted: Counted, at: number): void {
    const use = this.#concurrency.provisionedUse(version);
    if (use === undefined) return;
    const all = (name: string) => this.#other(version, counted, name, 'Count').slice(1);
    addAll(all('ProvisionedConcurrentExecutions'), use.busy, at);
    addAll(all('ProvisionedConcurrencyUtilization'), use.busy / use.allocated, at);
  }

  #keysOf(version: FunctionVersion): UnderWayKeys {
    const known = this.#keys.get(version);
    if (known !== undefined) return known;
    const account = `${version.accountId}/${version.region}`;
    const made = { account, function: `${account}/${version.name}` };
    this.#keys.set(version, made);
    return made;
  }

  #of(version: FunctionVersion, invokedArn: string): Counted {
    const known = this.#counted.get(invokedArn)?.get(version.version);
    if (known !== undefined) return known;
    const made = this.#made(version, dimensionsOf(version, invokedArn));
    if (this.#counted.size >= 10_000) this.#counted.clear();
    const ofArn = this.#counted.get(invokedArn) ?? new Map();
    this.#counted.set(invokedArn, ofArn.set(version.version, made));
    return made;
  }

  #made(version: FunctionVersion, dimensions: readonly [account: Dimensions, named: Dimensions, ...Dimensions[]]) {
    const [account, named] = dimensions;
    const one = (name: string, of: Dimensions) => this.#sink.series(version, { name, unit: 'Count', dimensions: of });
    return {
      dimensions,
      invocations: this.#all(version, dimensions, 'Invocations', 'Count'),
      errors: this.#all(version, dimensions, 'Errors', 'Count'),
      durations: this.#all(version, dimensions, 'Duration', 'Milliseconds'),
      concurrent: { account: one('ConcurrentExecutions', account), function: one('ConcurrentExecutions', named) },
      unreserved: one('UnreservedConcurrentExecutions', account),
      claimed: one('ClaimedAccountConcurrency', account),
      others: new Map<string, readonly MetricSeries[]>(),
    };
  }

  #other(version: FunctionVersion, { others, dimensions }: Counted, name: string, unit: MetricName['unit']) {
    const known = others.get(name);
    if (known !== undefined) return known;
    const made = this.#all(version, dimensions, name, unit);
    others.set(name, made);
    return made;
  }

  #all(version: FunctionVersion, all: readonly Dimensions[], name: string, unit: MetricName['unit']): MetricSeries[] {
    return all.map((dimensions) => this.#sink.series(version, { name, unit, dimensions }));
  }
}

interface UnderWayKeys {
  readonly account: string;
  readonly function: string;
}

function addAll(all: readonly MetricSeries[], value: number, at: number): void {
  for (const series of all) series.add(value, at);
}

/** What an alias led to is a number of its own as well: alarms compare a new version with the one before by it. */
function dimensionsOf(
  { name, version }: FunctionVersion,
  invokedArn: string,
): [Dimensions, Dimensions, ...Dimensions[]] {
  const resource = invokedArn.slice(invokedArn.indexOf(':function:') + ':function:'.length);
  const [, qualifier = version] = resource.split(':');
  const named = { Name: 'FunctionName', Value: name };
  const ofResource = [named, { Name: 'Resource', Value: resource }];
  const made: [Dimensions, Dimensions, ...Dimensions[]] = [ofAccount, [named], ofResource];
  if (qualifier !== version) made.push([{ Name: 'ExecutedVersion', Value: version }, ...ofResource]);
  return made;
}
