/** The Telemetry API 2022-07-01 and the older Logs API 2020-08-15. */
import type { ExtensionCall } from '../extensions-api/routes.ts';
import { caller } from '../extensions-api/routes.ts';
import { readBody } from '../runtime-api/request-body.ts';
import { type Refusal, send } from '../runtime-api/session.ts';
import { type Api, subscriptionOf } from './subscription.ts';

const apis: Readonly<Record<string, Api>> = {
  'PUT /2022-07-01/telemetry': 'telemetry',
  'PUT /2020-08-15/logs': 'logs',
};

/** False when the path is none of these APIs'. */
export function routeTelemetry(call: ExtensionCall, path: string): boolean {
  const api = apis[`${call.request.method} ${path}`];
  if (api === undefined) return false;
  readBody(call.request, (body) => {
    const refusal = subscribed(call, api, body.kind === 'whole' ? body.bytes : Buffer.alloc(0));
    send(call.response, refusal?.status ?? 200, refusal ?? Buffer.from('"OK"'));
  });
  return true;
}

function subscribed(call: ExtensionCall, api: Api, body: Buffer): Refusal | undefined {
  const extension = caller(call);
  if ('errorType' in extension) return extension;
  const subscription = subscriptionOf(api, body);
  if (typeof subscription === 'string') {
    return { status: 400, errorType: 'ValidationError', errorMessage: subscription };
  }
  return call.extensions.subscribe(extension, subscription);
}
