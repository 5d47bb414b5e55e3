/** A request and a response as protocols see them: bytes and text, no sockets. */
export interface WireRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Values of the URI template's labels, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface WireResponse {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: string[];
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Answers HEAD: the headers say a length, and there is no body. */
  readonly sized?: boolean;
}

export const emptyBody = Buffer.alloc(0);
