/** Queues of AWS, or of another server: SQS over HTTP, signed, in its JSON protocol. */
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { AwsError } from '../../../aws/errors.ts';
import { type Credentials, signed } from '../../../aws/sigv4/sign.ts';
import type { Clock } from '../../../base/clock.ts';
import type { SqsCalls } from './calls.ts';

export interface HttpQueuesParts {
  /** With `{region}` where the region stands. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

/** Beyond the longest wait for a message. */
const answerMsMax = 40_000;

export function httpQueues({ endpoint, credentials, clock }: HttpQueuesParts): SqsCalls {
  return {
    async call({ queueArn, operation, input, signal }) {
      const region = queueArn.split(':')[3] ?? '';
      const url = new URL(endpoint.replaceAll('{region}', region));
      const body = Buffer.from(JSON.stringify(input));
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
      const scope = { service: 'sqs', region, now: clock.now() };
      const late = new AbortController();
      const cancel = clock.after(answerMsMax, () => late.abort(new Error(`${url.host} did not answer in time`)));
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: signed({ method: 'POST', url, headers, body }, credentials, scope),
          body,
          signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
        });
        return outputOf(answer.status, await answer.text());
      } finally {
        cancel();
      }
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's JSON has the shape of the model, but for bytes
function outputOf(status: number, text: string): any {
  const parsed = json(text);
  if (status < 300) return withBytes(parsed);
  const code = String(parsed.__type ?? 'ServiceFailure').replace(/^.*#/, '');
  throw new AwsError({ code, message: String(parsed.message ?? parsed.Message ?? `HTTP status ${status}`), status });
}

function json(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}

interface WrittenMessage {
  readonly MessageAttributes?: Readonly<
    Record<string, Omit<MessageAttributeValue, 'BinaryValue'> & { BinaryValue?: string }>
  >;
}

/** Bytes travel as base64. */
function withBytes(output: { readonly Messages?: readonly WrittenMessage[] }): unknown {
  if (output.Messages === undefined) return output;
  const messages = output.Messages.map(({ MessageAttributes, ...message }) => {
    if (MessageAttributes === undefined) return message;
    const read = Object.entries(MessageAttributes).map(([name, { BinaryValue, ...value }]) => [
      name,
      BinaryValue === undefined ? value : { ...value, BinaryValue: Buffer.from(BinaryValue, 'base64') },
    ]);
    return { ...message, MessageAttributes: Object.fromEntries(read) };
  });
  return { ...output, Messages: messages };
}
