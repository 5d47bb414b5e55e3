/** What an AWS operation is to this program: how a service's table is written and what its handlers receive. */

import type { AwsError } from './errors.ts';
import type { OperationCodec } from './protocol/codec.ts';
import type { Headers } from './sigv4/signature.ts';

/** Who is calling, after the signature was verified or the open loopback mode let the request in. */
export interface Principal {
  /** `root` of the account, an access key's owner, or an assumed role session. */
  readonly kind: 'root' | 'user' | 'role' | 'anonymous';
  readonly accountId: string;
  /** `arn:aws:iam::000000000000:root`, `arn:aws:sts::…:assumed-role/…` and so on. */
  readonly arn: string;
  readonly accessKeyId?: string;
  /** Documents of its own policies; without one it may do only what a resource's policy allows. */
  readonly policies?: readonly string[];
  /** Policies that must allow as well: a permissions boundary, those that a session was begun with. */
  readonly limits?: readonly { readonly by: string; readonly policies: readonly string[] }[];
  /** May do everything in its account without a look at policies: a role's session where nobody is asked who they are. */
  readonly unlimited?: boolean;
  /** Of a session: its role, and that role's id where it is kept. */
  readonly role?: { readonly arn: string; readonly id?: string };
  /** Of a user, a role, a session. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of a user that is kept: its id. */
  readonly id?: string;
}

/** What a handler knows of the request besides its decoded input. */
export interface RequestContext {
  readonly service: string;
  readonly operation: string;
  /** From the signature's scope, else the server's default region. */
  readonly region: string;
  /** The account that the call acts in: the caller's own, or the one whose resource it may use. */
  readonly accountId: string;
  readonly principal: Principal;
  /** Goes out as `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `http://host:port` as the client called it, for links that must work for that client. */
  readonly endpoint: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the client, as far as its connection tells. */
  readonly sourceAddress?: string | undefined;
  /** The call came from inside a function's environment, whatever its credentials say. */
  readonly inside?: boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Extra response headers, for the few that no model names. */
  readonly responseHeaders: Record<string, string>;
  /** For the few answers whose status their model does not tell. */
  responseStatus?: number | undefined;
  /** Of an operation that streams; its input then has no body. */
  readonly body?: RequestBody;
}

/**
 * A request's body as it comes, no faster than it is read. What does not hold (length, framing, signature, hash) is
 * thrown before its end: nothing of it counts until it was read through.
 */
export interface RequestBody extends AsyncIterable<Buffer> {
  /** As announced, without framing. */
  readonly length: number | undefined;
  /** Names in lower case; complete once the body was read through. */
  readonly trailers: Readonly<Record<string, string>>;
}

export interface OperationPlace {
  readonly region: string;
  readonly accountId: string;
}

/** One operation: decoded, validated input in; output in the SDK's shape out. Errors are thrown (`aws/errors.ts`). */
export interface Operation<Input, Output> {
  /** What a request's body may have at most; checked before and while it is read. */
  readonly requestBytesMax?: number;
  /** The error for a body beyond that, in the operation's own words. */
  tooLarge?(bytes: number): AwsError;
  /** Throws when a body is not what its request promised beside it. Not for operations that stream. */
  checkBody?(body: Buffer, headers: Headers, trailers: Headers): void;
  /** The IAM actions that a caller needs; else its service's rules say (`iam/rules.ts`), else `service:Operation`. */
  readonly action?: string | readonly string[];
  /** The ARN that these actions are on; else its service's rules say, else `*`. */
  resource?(input: Input, place: OperationPlace): string;
  /** The body is not read ahead: it stands in the context, and what is left unread is thrown away. */
  readonly streaming?: true;
  /** `own`: checks by itself who sends, since that stands elsewhere than in a signature of the request. */
  readonly authentication?: 'own';
  /** For the few requests that no model describes. */
  readonly codec?: OperationCodec;
  handle(input: Input, context: RequestContext): Promise<Output> | Output;
}

/** A row for an operation that is known and not there yet; answered `NotImplemented` with its name and this reason. */
export interface Unsupported {
  readonly unsupported: string;
}

export function unsupported(why: string): Unsupported {
  return { unsupported: why };
}

/** Every operation of a service by its AWS name. Generated `OperationTypes` make the table total at compile time. */
// biome-ignore lint/suspicious/noExplicitAny: rows have differing inputs; each row is typed by its own service's table
export type AnyTable = Readonly<Record<string, Operation<any, any> | Unsupported>>;

/** `Types` maps each operation name to `{ input, output }`; a service's table is written `… satisfies OperationTable<Types>`. */
export type OperationTable<Types extends { [Name in keyof Types]: { input: unknown; output: unknown } }> = {
  readonly [Name in keyof Types]: Operation<Types[Name]['input'], Types[Name]['output']> | Unsupported;
};
