/** Errors of STS, in AWS's words. */
import { AwsError } from '../../aws/errors.ts';

export function mayNotAssume(callerArn: string, roleArn: string): AwsError {
  const message = `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  return new AwsError({ code: 'AccessDenied', message, status: 403 });
}

export function invalid(message: string): AwsError {
  return new AwsError({ code: 'ValidationError', message, status: 400 });
}

export function malformedPolicy(message: string): AwsError {
  return new AwsError({ code: 'MalformedPolicyDocument', message, status: 400 });
}

export function packedTooLarge(percent: number): AwsError {
  const message = `Packed size of session tags and policies consumes ${percent}% of allotted space.`;
  return new AwsError({ code: 'PackedPolicyTooLarge', message, status: 400 });
}

export function noDevices(): AwsError {
  const message = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
  return new AwsError({ code: 'AccessDenied', message, status: 403 });
}

export function notThere(member: string): AwsError {
  const message = `Cannot assume a role with ${member}: sessions have no such thing here`;
  return new AwsError({ code: 'NotImplemented', message, status: 501 });
}
