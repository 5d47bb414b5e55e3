/** For tests: a request that has arrived at a route of an API. */
import type { ApiRecord, RouteDocument, StageDocument } from '../../../store/apis/api-record.ts';
import type { HttpCall } from '../../http/http-call.ts';
import type { Exchange } from '../exchange.ts';
import { RouteTable } from '../route-table.ts';

const api = { Name: 'a', ProtocolType: 'HTTP', RouteSelectionExpression: '', createdAt: 0 } as const;
const lists = { routes: [], integrations: [], authorizers: [], stages: [], deployments: [] };
const record: ApiRecord = { accountId: '111122223333', region: 'us-east-1', id: 'abcdefghij', api, ...lists };
const stage: StageDocument = { StageName: '$default', StageVariables: { env: 'test' }, createdAt: 0, updatedAt: 0 };

export interface Arrived {
  readonly call?: Partial<HttpCall>;
  readonly route?: Partial<RouteDocument>;
  readonly path?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
}

export function arrivedExchange({ call, route, path = '/pets/7', pathParameters = {} }: Arrived = {}): Exchange {
  return {
    ...{ record, stage, path, pathParameters, host: 'h', requestId: 'r=', trace: 't', startedAt: 0, notes: {} },
    deployed: { snapshot: { ...lists, cors: undefined }, routes: new RouteTable([]) },
    route: { RouteKey: 'GET /pets/{id}', ...route },
    call: {
      ...{ method: 'GET', path, query: '', headers: [], body: Buffer.alloc(0) },
      ...{ protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', port: 1, scheme: 'http' },
      ...call,
    },
  };
}
