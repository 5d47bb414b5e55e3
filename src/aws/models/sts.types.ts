// Made by `npm run generate`; do not edit.
import type * as sdk from '@aws-sdk/client-sts';

export interface StsTypes {
  AssumeRole: { input: sdk.AssumeRoleRequest; output: sdk.AssumeRoleResponse };
  AssumeRoleWithSAML: { input: sdk.AssumeRoleWithSAMLRequest; output: sdk.AssumeRoleWithSAMLResponse };
  AssumeRoleWithWebIdentity: { input: sdk.AssumeRoleWithWebIdentityRequest; output: sdk.AssumeRoleWithWebIdentityResponse };
  AssumeRoot: { input: sdk.AssumeRootRequest; output: sdk.AssumeRootResponse };
  DecodeAuthorizationMessage: { input: sdk.DecodeAuthorizationMessageRequest; output: sdk.DecodeAuthorizationMessageResponse };
  GetAccessKeyInfo: { input: sdk.GetAccessKeyInfoRequest; output: sdk.GetAccessKeyInfoResponse };
  GetCallerIdentity: { input: sdk.GetCallerIdentityRequest; output: sdk.GetCallerIdentityResponse };
  GetDelegatedAccessToken: { input: sdk.GetDelegatedAccessTokenRequest; output: sdk.GetDelegatedAccessTokenResponse };
  GetFederationToken: { input: sdk.GetFederationTokenRequest; output: sdk.GetFederationTokenResponse };
  GetSessionToken: { input: sdk.GetSessionTokenRequest; output: sdk.GetSessionTokenResponse };
  GetWebIdentityToken: { input: sdk.GetWebIdentityTokenRequest; output: sdk.GetWebIdentityTokenResponse };
}
