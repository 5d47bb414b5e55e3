// Made by `npm run generate`; do not edit.
import type * as sdk from '@aws-sdk/client-sns';

export interface SnsTypes {
  AddPermission: { input: sdk.AddPermissionInput; output: Record<string, never> };
  CheckIfPhoneNumberIsOptedOut: { input: sdk.CheckIfPhoneNumberIsOptedOutInput; output: sdk.CheckIfPhoneNumberIsOptedOutResponse };
  ConfirmSubscription: { input: sdk.ConfirmSubscriptionInput; output: sdk.ConfirmSubscriptionResponse };
  CreatePlatformApplication: { input: sdk.CreatePlatformApplicationInput; output: sdk.CreatePlatformApplicationResponse };
  CreatePlatformEndpoint: { input: sdk.CreatePlatformEndpointInput; output: sdk.CreateEndpointResponse };
  CreateSMSSandboxPhoneNumber: { input: sdk.CreateSMSSandboxPhoneNumberInput; output: sdk.CreateSMSSandboxPhoneNumberResult };
  CreateTopic: { input: sdk.CreateTopicInput; output: sdk.CreateTopicResponse };
  DeleteEndpoint: { input: sdk.DeleteEndpointInput; output: Record<string, never> };
  DeletePlatformApplication: { input: sdk.DeletePlatformApplicationInput; output: Record<string, never> };
  DeleteSMSSandboxPhoneNumber: { input: sdk.DeleteSMSSandboxPhoneNumberInput; output: sdk.DeleteSMSSandboxPhoneNumberResult };
  DeleteTopic: { input: sdk.DeleteTopicInput; output: Record<string, never> };
  GetDataProtectionPolicy: { input: sdk.GetDataProtectionPolicyInput; output: sdk.GetDataProtectionPolicyResponse };
  GetEndpointAttributes: { input: sdk.GetEndpointAttributesInput; output: sdk.GetEndpointAttributesResponse };
  GetPlatformApplicationAttributes: { input: sdk.GetPlatformApplicationAttributesInput; output: sdk.GetPlatformApplicationAttributesResponse };
  GetSMSAttributes: { input: sdk.GetSMSAttributesInput; output: sdk.GetSMSAttributesResponse };
  GetSMSSandboxAccountStatus: { input: sdk.GetSMSSandboxAccountStatusInput; output: sdk.GetSMSSandboxAccountStatusResult };
  GetSubscriptionAttributes: { input: sdk.GetSubscriptionAttributesInput; output: sdk.GetSubscriptionAttributesResponse };
  GetTopicAttributes: { input: sdk.GetTopicAttributesInput; output: sdk.GetTopicAttributesResponse };
  ListEndpointsByPlatformApplication: { input: sdk.ListEndpointsByPlatformApplicationInput; output: sdk.ListEndpointsByPlatformApplicationResponse };
  ListOriginationNumbers: { input: sdk.ListOriginationNumbersRequest; output: sdk.ListOriginationNumbersResult };
  ListPhoneNumbersOptedOut: { input: sdk.ListPhoneNumbersOptedOutInput; output: sdk.ListPhoneNumbersOptedOutResponse };
  ListPlatformApplications: { input: sdk.ListPlatformApplicationsInput; output: sdk.ListPlatformApplicationsResponse };
  ListSMSSandboxPhoneNumbers: { input: sdk.ListSMSSandboxPhoneNumbersInput; output: sdk.ListSMSSandboxPhoneNumbersResult };
  ListSubscriptions: { input: sdk.ListSubscriptionsInput; output: sdk.ListSubscriptionsResponse };
  ListSubscriptionsByTopic: { input: sdk.ListSubscriptionsByTopicInput; output: sdk.ListSubscriptionsByTopicResponse };
  ListTagsForResource: { input: sdk.ListTagsForResourceRequest; output: sdk.ListTagsForResourceResponse };
  ListTopics: { input: sdk.ListTopicsInput; output: sdk.ListTopicsResponse };
  OptInPhoneNumber: { input: sdk.OptInPhoneNumberInput; output: sdk.OptInPhoneNumberResponse };
  Publish: { input: sdk.PublishInput; output: sdk.PublishResponse };
  PublishBatch: { input: sdk.PublishBatchInput; output: sdk.PublishBatchResponse };
  PutDataProtectionPolicy: { input: sdk.PutDataProtectionPolicyInput; output: Record<string, never> };
  RemovePermission: { input: sdk.RemovePermissionInput; output: Record<string, never> };
  SetEndpointAttributes: { input: sdk.SetEndpointAttributesInput; output: Record<string, never> };
  SetPlatformApplicationAttributes: { input: sdk.SetPlatformApplicationAttributesInput; output: Record<string, never> };
  SetSMSAttributes: { input: sdk.SetSMSAttributesInput; output: sdk.SetSMSAttributesResponse };
  SetSubscriptionAttributes: { input: sdk.SetSubscriptionAttributesInput; output: Record<string, never> };
  SetTopicAttributes: { input: sdk.SetTopicAttributesInput; output: Record<string, never> };
  Subscribe: { input: sdk.SubscribeInput; output: sdk.SubscribeResponse };
  TagResource: { input: sdk.TagResourceRequest; output: sdk.TagResourceResponse };
  Unsubscribe: { input: sdk.UnsubscribeInput; output: Record<string, never> };
  UntagResource: { input: sdk.UntagResourceRequest; output: sdk.UntagResourceResponse };
  VerifySMSSandboxPhoneNumber: { input: sdk.VerifySMSSandboxPhoneNumberInput; output: sdk.VerifySMSSandboxPhoneNumberResult };
}
