import { type FunctionKey, type FunctionVersion, functionKeyText } from '../model/function.ts';
import { passThrough } from './lineage.ts';

/** A chain may come through a function this often (reference: lambda-semantics 4.5). */
const passagesMax = 16;

/** Stops chains of invocations that come through a function again and again, unless it wants that. */
export class Recursion {
  readonly #allowed = new Set<string>();

  /** Told when it changes, and at a start. */
  allow(key: FunctionKey, allowed: boolean): void {
    if (allowed) this.#allowed.add(functionKeyText(key));
    else this.#allowed.delete(functionKeyText(key));
  }

  /** Whether the chain that the trace header tells of ends before this function. */
  stops(header: string | undefined, version: FunctionVersion): boolean {
    // Most are the first of their chain.
    if (header === undefined || !header.includes('Lineage=')) return false;
    return passThrough(header, version).before >= passagesMax && !this.#allowed.has(functionKeyText(version));
  }
}
