import { certificatePath } from '../services/sns/subscriber.ts';
import type { Route } from './route.ts';

/** Where messages of topics say that their signature can be checked. */
export function snsCertificateRoute(signer: { certificate(): Promise<string> }): Route {
  return {
    prefix: certificatePath,
    async handle(_request, response) {
      const body = Buffer.from(await signer.certificate());
      response.writeHead(200, { 'Content-Type': 'application/x-pem-file', 'Content-Length': body.length });
      response.end(body);
    },
  };
}
