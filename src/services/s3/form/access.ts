/** Who filled in a form, and whether they may put the object: a form is signed by its policy and not by its request. */
import type { Principal } from '../../../aws/operation.ts';
import type { Authenticator, FormSignature } from '../../../iam/authenticate.ts';
import { ownPolicies, principalKeys } from '../../../iam/caller.ts';
import { evaluate } from '../../../iam/policy/evaluate.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import type { Bucket } from '../../../store/objects/records.ts';
import { accessDenied, invalidArgument } from '../errors.ts';
import { policiesOf } from '../rules.ts';

type Fields = ReadonlyMap<string, string>;

export function formCaller(callers: Pick<Authenticator, 'authenticateForm'>, fields: Fields): Principal {
  return callers.authenticateForm(signatureOf(fields));
}

function signatureOf(fields: Fields): FormSignature | undefined {
  const policy = fields.get('policy');
  const credential = fields.get('x-amz-credential');
  const old = fields.get('awsaccesskeyid');
  if (credential === undefined && old === undefined) return undefined;
  if (policy === undefined) {
    throw invalidArgument(
      "Bucket POST must contain a field named 'policy'.  If it is specified, please check the order of the fields.",
      'policy',
      '',
    );
  }
  const sessionToken = fields.get('x-amz-security-token');
  if (credential === undefined) {
    return { policy, accessKeyId: old ?? '', scope: undefined, signature: fields.get('signature') ?? '', sessionToken };
  }
  const [accessKeyId = '', date = '', region = '', service = ''] = credential.split('/');
  const signature = fields.get('x-amz-signature') ?? '';
  return { policy, accessKeyId, scope: { date, region, service }, signature, sessionToken };
}

export interface Access {
  readonly principal: Principal;
  readonly action: string;
  readonly bucket: Bucket;
  readonly key: string;
}

/** For what does not come in through the front's own check: throws AccessDenied. */
export function checkAllowed({ principal, action, bucket, key }: Access): void {
  const decision = evaluate(
    {
      caller: principal,
      action,
      resource: `arn:aws:s3:::${bucket.name}/${key}`,
      resourceAccountId: bucket.accountId,
      context: new Map(principalKeys(principal)),
    },
    { ...ownPolicies(principal), resource: policiesOf(bucket).map((each) => policyOf(each, 'resource')) },
  );
  if (decision.effect !== 'allowed') throw accessDenied();
}
