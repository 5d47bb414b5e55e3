/** Every operation of the Security Token Service, a row each. */
import type { StsTypes } from '../../../aws/models/sts.types.ts';
import { type OperationTable, unsupported } from '../../../aws/operation.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

const roles = unsupported('comes with roles that can be assumed; functions have their role already');
const federation = unsupported('this server knows no identity providers');
const sessions = unsupported('comes with users and sessions');

export function createStsTable() {
  return {
    AssumeRole: roles,
    AssumeRoleWithSAML: federation,
    AssumeRoleWithWebIdentity: federation,
    AssumeRoot: roles,
    DecodeAuthorizationMessage: unsupported('no answer of this server holds an encoded message'),
    GetAccessKeyInfo: sessions,
    GetCallerIdentity: getCallerIdentity,
    GetDelegatedAccessToken: sessions,
    GetFederationToken: sessions,
    GetSessionToken: sessions,
    GetWebIdentityToken: federation,
  } satisfies OperationTable<StsTypes>;
}
