/** Every operation of the Security Token Service, a row each. */
import type { StsTypes } from '../../../aws/models/sts.types.ts';
import { type OperationTable, unsupported } from '../../../aws/operation.ts';
import type { StsParts } from '../parts.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

const organisations = unsupported('accounts belong to no organization here');
const federation = unsupported('this server knows no identity providers');
const sessions = unsupported('temporary credentials are those of roles: AssumeRole');

export function createStsTable(parts: StsParts) {
  return {
    AssumeRole: assumeRole(parts),
    AssumeRoleWithSAML: federation,
    AssumeRoleWithWebIdentity: federation,
    AssumeRoot: organisations,
    DecodeAuthorizationMessage: unsupported('no answer of this server holds an encoded message'),
    GetAccessKeyInfo: sessions,
    GetCallerIdentity: getCallerIdentity,
    GetDelegatedAccessToken: sessions,
    GetFederationToken: sessions,
    GetSessionToken: sessions,
    GetWebIdentityToken: federation,
  } satisfies OperationTable<StsTypes>;
}
