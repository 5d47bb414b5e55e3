/** Operations that are known and not there yet, each with its reason. docs/compatibility.md is made from this too. */
import { unsupported } from '../../../aws/operation.ts';

const domains = unsupported('comes with custom domain names; an API has a host name and a path here');
const documentation = unsupported('documentation of APIs is not kept; descriptions are');
const certificates = unsupported('integrations are called without a client certificate');
const vpcLinks = unsupported('there are no VPCs; an HTTP integration reaches any URL');
const sdks = unsupported(
  'this server makes no client libraries; GetExport gives the document that others make them from',
);
const caches = unsupported('comes with caches of stages');
const trying = unsupported('deploy to a stage and send a request: it takes a moment and answers as clients see it');
const samples = unsupported('not planned yet');
const keyFiles = unsupported('create keys one by one with CreateApiKey');

export const unsupportedOperations = {
  CreateBasePathMapping: domains,
  CreateDocumentationPart: documentation,
  CreateDocumentationVersion: documentation,
  CreateDomainName: domains,
  CreateDomainNameAccessAssociation: domains,
  CreateVpcLink: vpcLinks,
  DeleteBasePathMapping: domains,
  DeleteClientCertificate: certificates,
  DeleteDocumentationPart: documentation,
  DeleteDocumentationVersion: documentation,
  DeleteDomainName: domains,
  DeleteDomainNameAccessAssociation: domains,
  DeleteVpcLink: vpcLinks,
  FlushStageCache: caches,
  GenerateClientCertificate: certificates,
  GetBasePathMapping: domains,
  GetBasePathMappings: domains,
  GetClientCertificate: certificates,
  GetClientCertificates: certificates,
  GetDocumentationPart: documentation,
  GetDocumentationParts: documentation,
  GetDocumentationVersion: documentation,
  GetDocumentationVersions: documentation,
  GetDomainName: domains,
  GetDomainNameAccessAssociations: domains,
  GetDomainNames: domains,
  GetModelTemplate: samples,
  GetSdk: sdks,
  GetSdkType: sdks,
  GetSdkTypes: sdks,
  GetVpcLink: vpcLinks,
  GetVpcLinks: vpcLinks,
  ImportApiKeys: keyFiles,
  ImportDocumentationParts: documentation,
  RejectDomainNameAccessAssociation: domains,
  TestInvokeAuthorizer: trying,
  TestInvokeMethod: trying,
  UpdateBasePathMapping: domains,
  UpdateClientCertificate: certificates,
  UpdateDocumentationPart: documentation,
  UpdateDocumentationVersion: documentation,
  UpdateDomainName: domains,
  UpdateVpcLink: vpcLinks,
} as const;
