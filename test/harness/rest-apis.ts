/** REST APIs for tests: made by the SDK piece by piece, as deploy tools make them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  GetResourcesCommand,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutMethodCommand,
  type PutMethodCommandInput,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { type Answered, type Asked, askServer } from './apis.ts';
import { createFunction, lambdaClient } from './client.ts';
import { zip } from './packages.ts';
import { type Server, startServer } from './server.ts';

export function restClient(endpoint: string, region = 'us-east-1'): APIGatewayClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new APIGatewayClient({ endpoint, region, credentials, maxAttempts: 1 });
}

export function functionUri(name: string): string {
  const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

export function proxyTo(name: string): Integration {
  return { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: functionUri(name) };
}

export type Integration = Omit<PutIntegrationCommandInput, 'restApiId' | 'resourceId' | 'httpMethod'>;

export interface MethodPlace {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

/** One API while it is made and asked. */
export class RestApiBuilder {
  readonly client: APIGatewayClient;
  readonly id: string;
  readonly #port: number;

  constructor(client: APIGatewayClient, id: string, port: number) {
    this.client = client;
    this.id = id;
    this.#port = port;
  }

  static async create(
    client: APIGatewayClient,
    port: number,
    more: Partial<CreateRestApiCommandInput> = {},
  ): Promise<RestApiBuilder> {
    const { id = '' } = await client.send(new CreateRestApiCommand({ name: 'api', ...more }));
    return new RestApiBuilder(client, id, port);
  }

  /** The resource of a path, made with all that is above it. */
  async resource(path: string): Promise<string> {
    const { items = [] } = await this.client.send(new GetResourcesCommand({ restApiId: this.id, limit: 500 }));
    const found = items.find((each) => each.path === path);
    if (found?.id !== undefined) return found.id;
    const cut = path.lastIndexOf('/');
    const parentId = await this.resource(path.slice(0, cut) || '/');
    const input = { restApiId: this.id, parentId, pathPart: path.slice(cut + 1) };
    const { id = '' } = await this.client.send(new CreateResourceCommand(input));
    return id;
  }

  async method(
    name: string,
    integration: Integration,
    more: Partial<PutMethodCommandInput> = {},
  ): Promise<MethodPlace> {
    const [httpMethod = '', path = ''] = name.split(' ');
    const place = { restApiId: this.id, resourceId: await this.resource(path), httpMethod };
    await this.client.send(new PutMethodCommand({ ...place, authorizationType: 'NONE', ...more }));
    await this.client.send(new PutIntegrationCommand({ ...place, ...integration }));
    return place;
  }

  async deploy(stageName = 'dev', more: object = {}): Promise<string> {
    const { id = '' } = await this.client.send(new CreateDeploymentCommand({ restApiId: this.id, stageName, ...more }));
    return id;
  }

  get host(): string {
    return `${this.id}.execute-api.us-east-1.localhost:${this.#port}`;
  }

  /** The path with its stage; the name goes into the Host header alone. */
  ask(path: string, asked: Asked = {}): Promise<Answered> {
    return askServer(this.#port, path, { ...asked, headers: { host: this.host, ...asked.headers } });
  }
}

/** A server with functions behind REST APIs, which API Gateway may invoke. */
export async function startRest(): Promise<{ server: Server; client: APIGatewayClient; port: number }> {
  const server = await startServer();
  const lambda = lambdaClient(server.endpoint);
  const source = readFileSync(join(import.meta.dirname, '../fixtures/nodejs/rest.js'));
  const code = zip([{ name: 'index.js', content: source }]);
  const handlers = { web: 'index.handler', echo: 'index.echo', auth: 'index.authorizer', streams: 'index.streams' };
  for (const [name, Handler] of Object.entries(handlers)) {
    await createFunction(lambda, { name, zip: code, Handler, Timeout: 10 });
    const permission = { StatementId: 'api', Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' };
    await lambda.send(new AddPermissionCommand({ FunctionName: name, ...permission }));
  }
  return { server, client: restClient(server.endpoint), port: Number(new URL(server.endpoint).port) };
}
