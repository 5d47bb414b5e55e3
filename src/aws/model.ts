/**
 * A service as its model describes it, made by `npm run generate` from AWS's SDK schemas (how things look on the wire)
 * and botocore (what values are allowed). Keys that hold for most members are left out, so the files stay small.
 */
export type Protocol = 'restJson1' | 'awsJson1.0' | 'awsJson1.1' | 'awsQuery' | 'restXml' | 'rpcv2Cbor' | 'cbor1.1';

/** What routing must know of every service before any model is read (models/index.json). */
export interface ServiceIndex {
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  /** The service of a SigV4 scope. */
  readonly signingName: string;
  /** `X-Amz-Target: <prefix>.<Operation>`; rpcv2Cbor names its service so too. */
  readonly targetPrefix?: string;
  readonly protocols: readonly Protocol[];
}

export interface ServiceModel {
  readonly service: string;
  readonly apiVersion: string;
  readonly xmlNamespace?: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly structures: Readonly<Record<string, StructureModel>>;
  /** Value sets, named by their place. */
  readonly enums: readonly (readonly string[])[];
}

export interface OperationModel {
  /** Method, URI template with literal query, status. Present in REST protocols. */
  readonly http?: readonly [string, string, number];
  /** Names of structures. */
  readonly input?: string;
  readonly output?: string;
}

export interface StructureModel {
  readonly kind?: 'union' | 'events';
  readonly members: Readonly<Record<string, MemberModel>>;
  readonly error?: ErrorModel;
  readonly xmlName?: string;
  /** Prefix and URI. */
  readonly xmlNamespace?: readonly string[];
}

export interface ErrorModel {
  readonly status: number;
  readonly fault: 'client' | 'server';
  /** The code that the query protocol uses, where it differs from the structure's name. */
  readonly queryCode?: string;
}

export type TypeName =
  | 'string'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'blob'
  | 'timestamp'
  | 'document'
  | 'structure'
  | 'list'
  | 'map';

export interface TypeModel {
  readonly type: TypeName;
  /** Name of the structure. */
  readonly of?: string;
  /** A list's member or a map's value. */
  readonly item?: MemberModel;
  readonly key?: MemberModel;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** Place in `enums`. */
  readonly enum?: number;
  readonly format?: 'date-time' | 'http-date' | 'epoch-seconds';
  /** A blob or the events that flow as the body. */
  readonly stream?: 1;
  readonly sensitive?: 1;
  /** The string is JSON on the wire of a header (base64) or body. */
  readonly mediaType?: string;
}

export interface MemberModel extends TypeModel {
  readonly required?: 1;
  /** Where the member travels in REST protocols, if not in the body. */
  readonly in?: 'label' | 'query' | 'queryParams' | 'header' | 'prefixHeaders' | 'payload' | 'status';
  /** Query parameter, header or header prefix. */
  readonly at?: string;
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly flat?: 1;
  readonly attribute?: 1;
  /** Prefix and URI. */
  readonly xmlNamespace?: readonly string[];
  /** Where the member travels in an event of an event stream. */
  readonly event?: 'header' | 'payload';
  readonly idempotencyToken?: 1;
}
