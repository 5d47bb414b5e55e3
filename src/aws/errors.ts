/** The caller is wrong: an error that goes out in the service's own shape and protocol. */
export interface AwsErrorOptions {
  /** The error's name on the wire, as in `ResourceNotFoundException`. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Further modelled members, as `Reason` of TooManyRequestsException; `Type` is added by the front. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ code, message, status, members = {}, headers = {} }: AwsErrorOptions) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
    this.headers = headers;
  }
}
