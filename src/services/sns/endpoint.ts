import type { Topic } from '../../store/sns/topics.ts';
import { invalidParameter, noWayTo } from './errors.ts';
import { isFifo } from './topic-attributes.ts';

const elsewhere = new Set(['email', 'email-json', 'sms', 'application', 'firehose']);
const patterns = {
  lambda: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$/,
  sqs: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$/,
};

/** Throws AWS's error for an endpoint that this topic cannot have. */
export function checkedEndpoint(topic: Topic, protocol: string, endpoint = ''): string {
  if (elsewhere.has(protocol)) throw noWayTo(protocol);
  switch (protocol) {
    case 'http':
    case 'https':
      if (!isUrl(endpoint, protocol)) throw invalidParameter('Endpoint must match the specified protocol');
      break;
    case 'lambda':
      if (!patterns.lambda.test(endpoint)) throw invalidParameter('Lambda endpoint ARN');
      break;
    case 'sqs':
      if (!patterns.sqs.test(endpoint)) throw invalidParameter('SQS endpoint ARN');
      if (endpoint.endsWith('.fifo') && !isFifo(topic)) {
        throw invalidParameter(
          'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
        );
      }
      break;
    default:
      throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
  if (isFifo(topic) && protocol !== 'sqs') {
    throw invalidParameter('Invalid parameter: Endpoint Reason: FIFO topics can only be subscribed by SQS queues');
  }
  return endpoint;
}

function isUrl(endpoint: string, protocol: string): boolean {
  return endpoint.startsWith(`${protocol}://`) && URL.canParse(endpoint) && endpoint.length <= 2048;
}
