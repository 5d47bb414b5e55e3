import { certificatePath } from '../services/sns/subscriber.ts';
import { respond } from './respond.ts';
import type { Route } from './route.ts';

/** Where messages of topics say that their signature can be checked. */
export function snsCertificateRoute(signer: { certificate(): Promise<string> }): Route {
  return {
    prefix: certificatePath,
    async handle(_request, response) {
      const body = await signer.certificate();
      respond(response, { status: 200, headers: ['content-type', 'application/x-pem-file'], body }, []);
    },
  };
}
