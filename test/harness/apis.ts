/** HTTP APIs for tests: made by the SDK, asked by plain HTTP under their host name. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';

export function apisClient(endpoint: string): ApiGatewayV2Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new ApiGatewayV2Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** `*.localhost` is this machine, whatever its resolver thinks: the name goes into the Host header alone. */
export function ask(apiEndpoint: string | undefined, path: string, asked: Asked = {}): Promise<Answered> {
  const { host, port } = new URL(apiEndpoint ?? '');
  return askServer(Number(port), path, { ...asked, headers: { host, ...asked.headers } });
}

export function askServer(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Asked,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
