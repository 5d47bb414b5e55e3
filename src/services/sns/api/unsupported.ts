/** Operations that are known and not there, each with its reason. docs/compatibility.md is made from this too. */
import { unsupported } from '../../../aws/operation.ts';

const phones = unsupported('this server sends no text messages');
const apps = unsupported('this server has no way to mobile devices');
const protection = unsupported('message data is not searched for what is personal');

export const unsupportedOperations = {
  CheckIfPhoneNumberIsOptedOut: phones,
  CreatePlatformApplication: apps,
  CreatePlatformEndpoint: apps,
  CreateSMSSandboxPhoneNumber: phones,
  DeleteEndpoint: apps,
  DeletePlatformApplication: apps,
  DeleteSMSSandboxPhoneNumber: phones,
  GetDataProtectionPolicy: protection,
  GetEndpointAttributes: apps,
  GetPlatformApplicationAttributes: apps,
  GetSMSAttributes: phones,
  GetSMSSandboxAccountStatus: phones,
  ListEndpointsByPlatformApplication: apps,
  ListOriginationNumbers: phones,
  ListPhoneNumbersOptedOut: phones,
  ListPlatformApplications: apps,
  ListSMSSandboxPhoneNumbers: phones,
  OptInPhoneNumber: phones,
  PutDataProtectionPolicy: protection,
  SetEndpointAttributes: apps,
  SetPlatformApplicationAttributes: apps,
  SetSMSAttributes: phones,
  VerifySMSSandboxPhoneNumber: phones,
};
