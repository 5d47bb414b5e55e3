/** We are wrong: a fact this program relies on does not hold. Never caught to carry on. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws when `fact` does not hold; `message` states the fact, as in 'every leased environment has a request'. */
export function invariant(fact: unknown, message: string): asserts fact {
  if (!fact) throw new InvariantError(`Invariant broken: ${message}`);
}
