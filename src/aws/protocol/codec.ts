/** What a protocol does for one operation. Compiled once, on the operation's first request. */
import type { AwsError } from '../errors.ts';
import type { MemberModel, OperationModel, Protocol, ServiceModel } from '../model.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

export interface OperationCodec {
  /** Throws SerializationException for what cannot be read; constraints are checked elsewhere. */
  decode(request: WireRequest): Record<string, unknown>;
  encode(output: unknown, reply: Reply): WireResponse;
}

export interface Reply {
  readonly requestId: string;
  /** Turns what an event stream threw into what its client is told. */
  failure(error: unknown): AwsError;
}

export interface OperationPlan {
  readonly service: string;
  readonly name: string;
  readonly protocol: Protocol;
  readonly model: ServiceModel;
  readonly operation: OperationModel;
}

/** The member whose events flow as the response, if there is one. */
export function eventsMember({ model, operation }: OperationPlan): { name: string; union: string } | undefined {
  const members = model.structures[operation.output ?? '']?.members ?? {};
  for (const [name, { type, of, stream }] of Object.entries(members)) {
    if (type === 'structure' && of !== undefined && (stream || model.structures[of]?.kind === 'events'))
      return { name, union: of };
  }
  return undefined;
}

export function isBody(member: MemberModel): boolean {
  return member.in === undefined;
}

/** What a codec was given is an operation's input or output: a record by the model. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

export function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
