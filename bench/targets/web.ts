/** Ways from HTTP to one function: its URL, an HTTP API and a REST API, made as deploy tools make them. */
import type { Client } from '../../src/cli/client.ts';
import { region } from '../signing.ts';
import type { Lambent } from './lambent.ts';

export interface WebAddress {
  readonly of: 'function URL' | 'HTTP API' | 'REST API' | 'WebSocket API';
  /** For the Host header; the name resolves to nothing here. */
  readonly host: string;
  readonly path: string;
}

const account = '000000000000';
const apiPrincipal = 'apigateway.amazonaws.com';

export async function webAddresses({ client, port }: Lambent, name: string): Promise<WebAddress[]> {
  await permitApis(client, name);
  return [
    { of: 'function URL', host: await functionUrl(client, name), path: '/' },
    { of: 'HTTP API', host: apiHost(await httpApi(client, arnOf(name)), port), path: '/echo' },
    { of: 'REST API', host: apiHost(await restApi(client, arnOf(name)), port), path: '/dev/echo' },
  ];
}

/** One that asks the function who may connect. */
export async function webSocketApi({ client, port }: Lambent, name: string): Promise<WebAddress> {
  await permitApis(client, name);
  const made = (path: string, content: object) => posted(client, { service: 'apigateway', path, content });
  const api = { name: 'chat', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' };
  const { apiId } = await made('/v2/apis', api);
  const below = `/v2/apis/${apiId}`;
  const proxy = { integrationType: 'AWS_PROXY', integrationMethod: 'POST', integrationUri: uriOf(arnOf(name)) };
  const { integrationId } = await made(`${below}/integrations`, proxy);
  await made(`${below}/routes`, { routeKey: '$connect', target: `integrations/${integrationId}` });
  await made(`${below}/stages`, { stageName: 'dev', autoDeploy: true });
  return { of: 'WebSocket API', host: apiHost(apiId, port), path: '/dev' };
}

function arnOf(name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function uriOf(arn: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

function apiHost(id: unknown, port: number): string {
  return `${id}.execute-api.${region}.localhost:${port}`;
}

async function functionUrl(client: Client, name: string): Promise<string> {
  const everybody = { Principal: '*', FunctionUrlAuthType: 'NONE' };
  await permit(client, name, { StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', ...everybody });
  const invoke = { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true };
  await permit(client, name, { StatementId: 'url-invoke', ...invoke });
  const path = `/2021-10-31/functions/${name}/url`;
  const { FunctionUrl } = await posted(client, { service: 'lambda', path, content: { AuthType: 'NONE' } });
  return new URL(String(FunctionUrl)).host;
}

/** What a quick create makes: a route, its integration, and a stage that deploys itself. */
async function httpApi(client: Client, target: string): Promise<unknown> {
  const content = { name: 'bench', protocolType: 'HTTP', target, routeKey: 'POST /echo' };
  return (await posted(client, { service: 'apigateway', path: '/v2/apis', content })).apiId;
}

async function restApi(client: Client, arn: string): Promise<unknown> {
  const integration = { type: 'aws_proxy', httpMethod: 'POST', uri: uriOf(arn) };
  const content = {
    swagger: '2.0',
    info: { title: 'bench', version: '1' },
    paths: { '/echo': { post: { responses: {}, 'x-amazon-apigateway-integration': integration } } },
  };
  const query = { mode: 'import' };
  const { id } = await posted(client, { service: 'apigateway', path: '/restapis', query, content });
  const deployments = `/restapis/${id}/deployments`;
  await posted(client, { service: 'apigateway', path: deployments, content: { stageName: 'dev' } });
  return id;
}

async function permitApis(client: Client, name: string): Promise<void> {
  await permit(client, name, { StatementId: 'apis', Action: 'lambda:InvokeFunction', Principal: apiPrincipal });
}

async function permit(client: Client, name: string, content: object): Promise<void> {
  await posted(client, { service: 'lambda', path: `/2015-03-31/functions/${name}/policy`, content });
}

interface Posted {
  readonly service: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly content: object;
}

export function posted(client: Client, { content, ...call }: Posted): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  return client.json({ ...call, method: 'POST', headers, body: Buffer.from(JSON.stringify(content)) });
}
