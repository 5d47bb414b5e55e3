import { type Address, type Parcel, type Target, Undeliverable } from './parcel.ts';

/** By the kind that an ARN names in its third place; `http` stands for endpoints, with TLS or without. */
export type TargetKind = 'lambda' | 'sqs' | 'sns' | 'events' | 's3' | 'logs' | 'http';

/** Sends parcels to targets by their ARN: at once, once. What must arrive goes through the outbox. */
export class Targets implements Target {
  readonly #byKind = new Map<string, Target>();

  /** The composition knows who takes what; a service is there before those whom it sends to. */
  register(kind: TargetKind, target: Target): void {
    this.#byKind.set(kind, target);
  }

  /** Whether this server has a way to what the ARN names, there or not. */
  knows(arn: string): boolean {
    return this.#byKind.has(kindOf(arn));
  }

  /** To be asked when a target is configured. */
  refusal(address: Address): Undeliverable | undefined {
    const target = this.#byKind.get(kindOf(address.target));
    return target === undefined ? nothingOfThatKind(address) : target.refusal(address);
  }

  async accept(parcel: Parcel, signal: AbortSignal): Promise<void> {
    const target = this.#byKind.get(kindOf(parcel.target));
    if (target === undefined) throw nothingOfThatKind(parcel);
    await target.accept(parcel, signal);
  }
}

function nothingOfThatKind({ target }: Address): Undeliverable {
  return new Undeliverable('InvalidTarget', `Cannot send to ${target}: this server has nothing of that kind`);
}

function kindOf(target: string): string {
  if (/^https?:\/\//.test(target)) return 'http';
  return /^arn:aws[a-z-]*:([a-z0-9-]+):/.exec(target)?.[1] ?? '';
}
