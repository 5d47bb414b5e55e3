/** What authorizers have said, kept for as long as they want. */
import type { Verdict } from './verdict.ts';

const cachedMax = 10_000;

export interface VerdictKey {
  readonly apiId: string;
  readonly stageName: string | undefined;
  /** As it is configured: a change forgets. */
  readonly authorizer: object;
  readonly identity: readonly string[];
}

export class VerdictCache {
  /** By authorizer and identity; the oldest first. */
  readonly #kept = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  get(key: VerdictKey, now: number): Verdict | undefined {
    const known = this.#kept.get(textOf(key));
    return known !== undefined && known.until > now ? known.verdict : undefined;
  }

  put(key: VerdictKey, verdict: Verdict, until: number): void {
    const text = textOf(key);
    this.#kept.delete(text);
    if (this.#kept.size >= cachedMax) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(text, { verdict, until });
  }

  forget(apiId: string, stageName: string): void {
    const begin = `${JSON.stringify([apiId, stageName]).slice(0, -1)},`;
    for (const key of this.#kept.keys()) if (key.startsWith(begin)) this.#kept.delete(key);
  }
}

function textOf({ apiId, stageName, authorizer, identity }: VerdictKey): string {
  return JSON.stringify([apiId, stageName, authorizer, identity]);
}
