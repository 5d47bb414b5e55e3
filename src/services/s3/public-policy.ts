/** Policies that let everybody in (User Guide, "The meaning of public"), and what is left of one without those statements. */

type Json = Readonly<Record<string, unknown>>;

export function isPublic(policy: string): boolean {
  return statementsOf(policy).some(isPublicStatement);
}

/** For a bucket that is restricted: statements that let everybody in say nothing. */
export function withoutPublic(policy: string): string {
  const Statement = statementsOf(policy).filter((statement) => !isPublicStatement(statement));
  return JSON.stringify({ ...(JSON.parse(policy) as Json), Statement }); // checked when it was put
}

function statementsOf(policy: string): Json[] {
  const { Statement } = JSON.parse(policy) as Json; // checked when it was put
  return (Array.isArray(Statement) ? Statement : [Statement]) as Json[];
}

/** Everybody is anybody who is not held to a source: an account, a network, an organisation. */
function isPublicStatement({ Effect, Principal, NotPrincipal, Condition }: Json): boolean {
  if (Effect !== 'Allow') return false;
  return (NotPrincipal !== undefined || isEverybody(Principal)) && !isHeld(Condition);
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  const named = typeof principal === 'object' && principal !== null && 'AWS' in principal ? principal.AWS : [];
  return [named].flat().includes('*');
}

const holding =
  /^(aws:(sourcearn|sourceaccount|sourceip|sourcevpce?|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount|principalarn|userid)|s3:(dataaccesspointaccount|dataaccesspointarn|x-amz-server-side-encryption-aws-kms-key-id))$/;

function isHeld(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return false;
  return Object.entries(condition).some(
    ([operator, tests]) =>
      !/not|null/i.test(operator) &&
      typeof tests === 'object' &&
      tests !== null &&
      Object.entries(tests).some(([key, value]) => holding.test(key.toLowerCase()) && ![value].flat().includes('*')),
  );
}
