/** A document that is no policy; the message is the reason, in IAM's words where IAM has some. */
export class MalformedPolicy extends Error {}

export function malformed(reason: string): MalformedPolicy {
  return new MalformedPolicy(reason);
}
