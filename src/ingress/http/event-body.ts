/** How a body goes into an event: text as it is, everything else in base64. */
import { isUtf8 } from 'node:buffer';
import { type HttpCall, headerOf } from './http-call.ts';

const textTypes =
  /^(text\/[^;]*|application\/([\w.-]+\+)?(json|xml)|application\/(javascript|graphql|xhtml\+xml|yaml|x-ndjson))\s*(;|$)/i;

export interface EventBody {
  /** Absent when the request had none. */
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export function eventBody(call: HttpCall): EventBody {
  if (call.body.length === 0) return { isBase64Encoded: false };
  const type = headerOf(call, 'content-type') ?? '';
  const text = textTypes.test(type) && headerOf(call, 'content-encoding') === undefined && isUtf8(call.body);
  return { body: call.body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}
