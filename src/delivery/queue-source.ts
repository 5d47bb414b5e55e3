/** Queues as event sources read them: in this process, in batches, without HTTP. SQS implements it. */

export interface QueueSource {
  /** Undefined when there is no such queue. */
  describe(arn: string): QueueDescription | undefined;
  /**
   * As many as are there, up to `messagesMax`, which may be more than the ten of ReceiveMessage; waits for the first one.
   * Empty when the time is over or `signal` aborts; throws `Undeliverable` when the queue is gone.
   */
  receive(arn: string, options: QueueReceive): Promise<QueueMessage[]>;
  /** Handles whose time is over are passed over. */
  delete(arn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Hidden for this long from now on; 0 gives them back at once. */
  hide(arn: string, receiptHandles: readonly string[], visibilityMs: number): Promise<void>;
}

export interface QueueDescription {
  readonly fifo: boolean;
  readonly visibilityMs: number;
}

export interface QueueReceive {
  readonly messagesMax: number;
  readonly waitMs: number;
  /** The queue's own where it is absent. */
  readonly visibilityMs?: number;
  readonly signal?: AbortSignal;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** ApproximateReceiveCount, SentTimestamp, SenderId, MessageGroupId …: those that the message has. */
  readonly systemAttributes: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, QueueMessageAttribute>>;
  readonly md5OfAttributes?: string;
}

export interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}
