/** An access key and whom it stands for. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly principalArn: string;
  readonly kind: 'root' | 'user' | 'role';
  /** Documents of a user's own policies. */
  readonly policies?: readonly string[];
  /** Of temporary credentials: milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** Read on every signed request, so it answers from memory. */
export interface KeyStore {
  find(accessKeyId: string): AccessKey | undefined;
}
