import type { Operation } from '../../../aws/operation.ts';
import { emptyBody } from '../../../aws/wire.ts';
import { corsHeaders, matchingRule } from '../cors.ts';
import { noSuchBucket, s3Error } from '../errors.ts';
import { rulesOf } from '../origins.ts';
import type { S3Parts } from '../parts.ts';

interface Question {
  readonly Bucket: string;
}

/** "OPTIONS object" of the API reference: what a browser asks before a page's request to another origin. Nobody signs it. */
export function optionsObject({ objects }: S3Parts): Operation<Question, Readonly<Record<string, string>>> {
  return {
    streaming: true,
    authentication: 'own',
    codec: {
      decode: ({ labels }) => ({ Bucket: labels.Bucket ?? '' }),
      encode: (headers) => ({ status: 200, headers: Object.entries(headers as object).flat(), body: emptyBody }),
    },
    handle({ Bucket }, { headers }) {
      const { origin } = headers;
      const method = headers['access-control-request-method'];
      if (origin === undefined || method === undefined) {
        const lacking = origin === undefined ? 'Origin' : 'Access-Control-Request-Method';
        throw s3Error('BadRequest', `Insufficient information. ${lacking} request header needed.`, 400);
      }
      if (objects.buckets.get(Bucket) === undefined) throw noSuchBucket(Bucket);
      const rules = rulesOf(objects, Bucket);
      if (rules.length === 0) throw forbidden('CORS is not enabled for this bucket.');
      const asked = (headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim());
      const request = { origin, method, headers: asked.filter((name) => name !== '') };
      const match = matchingRule(rules, request);
      if (match === undefined) throw forbidden(notAllowed);
      const told = corsHeaders(match, request);
      const local = headers['access-control-request-private-network'] === 'true';
      return local ? { ...told, 'access-control-allow-private-network': 'true' } : told;
    },
  };
}

const notAllowed =
  'This CORS request is not allowed. This is usually because the evalution of Origin, request method / ' +
  "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

function forbidden(why: string): Error {
  return s3Error('AccessForbidden', `CORSResponse: ${why}`, 403);
}
