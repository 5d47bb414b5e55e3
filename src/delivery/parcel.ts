/** What one part of the server hands to another: this body, to whoever has this ARN, on behalf of that source. */

export interface Parcel {
  /** The ARN of a function (with or without qualifier), a queue or a topic; or the http(s) URL of an endpoint. */
  readonly target: string;
  readonly source: ParcelSource;
  /** A function's event, a queue's message, a topic's message, a request's body. */
  readonly body: string;
  /** Of queues and topics. */
  readonly attributes?: Readonly<Record<string, ParcelAttribute>>;
  /** Of FIFO queues and topics; parcels of one group to one target arrive in the order in which they were handed over. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Of topics. */
  readonly subject?: string;
  /** Of HTTP endpoints. */
  readonly headers?: Readonly<Record<string, string>>;
  /** To no address of this machine itself. */
  readonly elsewhere?: boolean | undefined;
  readonly traceHeader?: string | undefined;
}

/** On whose behalf; permissions are asked for it. */
export interface ParcelSource {
  /** As `s3.amazonaws.com`. */
  readonly service: string;
  /** The bucket, topic, rule or function, and who owns it. */
  readonly arn: string;
  readonly accountId: string;
}

export interface ParcelAttribute {
  /** As `String`, `Number`, `Binary`. */
  readonly type: string;
  readonly text?: string;
  readonly base64?: string;
}

/** A parcel to be brought in the background, again and again until it is taken or given up. */
export interface NewDelivery extends Parcel {
  /** Not before then, in milliseconds since the epoch. */
  readonly notBefore?: number;
  readonly retry?: Retry;
  /** The ARN of a queue that gets what was given up; without one it is only logged. */
  readonly deadLetterTarget?: string;
  /** What it gets instead of the body. */
  readonly deadLetterBody?: string;
}

export interface Delivery extends NewDelivery {
  /** Its own, for as long as it is there. */
  readonly id: number;
  readonly acceptedAt: number;
  /** So far. */
  readonly attempts: number;
}

/** Waits double from `waitMsMin` up to `waitMsMax`. */
export interface Retry {
  readonly attemptsMax: number;
  readonly ageMsMax: number;
  readonly waitMsMin: number;
  readonly waitMsMax: number;
}

export type Address = Pick<Parcel, 'target' | 'source'>;

/** Who takes parcels of one kind of ARN. */
export interface Target {
  /** Why a source's parcels will not be taken as things are; undefined when they will. */
  refusal(address: Address): Undeliverable | undefined;
  /**
   * Resolves once the parcel is the target's and safe on the disk. Throws `Undeliverable` for what will never be taken,
   * anything else for what may be taken later.
   */
  accept(parcel: Parcel, signal: AbortSignal): Promise<void>;
}

/** There is no such target, or it does not let the source in. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  /** AWS's name of what is wrong, as `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
