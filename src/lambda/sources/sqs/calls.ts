import type { SqsTypes } from '../../../aws/models/sqs.types.ts';

/** As much of SQS as the pump speaks, whoever answers it: this server itself, or another over HTTP. */
export type SqsOperations = Pick<
  SqsTypes,
  'ReceiveMessage' | 'DeleteMessageBatch' | 'ChangeMessageVisibilityBatch' | 'GetQueueAttributes' | 'GetQueueUrl'
>;

/** In whose name a queue is read: the function's role. */
export interface Reader {
  readonly accountId: string;
  readonly roleArn: string;
}

export interface SqsCall<Name extends keyof SqsOperations> {
  readonly reader: Reader;
  readonly queueArn: string;
  readonly operation: Name;
  readonly input: SqsOperations[Name]['input'];
  readonly signal?: AbortSignal;
}

/** Rejects with an `AwsError` for what SQS refuses. */
export interface SqsCalls {
  call<Name extends keyof SqsOperations>(call: SqsCall<Name>): Promise<SqsOperations[Name]['output']>;
  /** What the role lacks to read the queue, in AWS's words, as far as can be said before it is tried. */
  denied?(reader: Reader, queueArn: string): string | undefined;
}
