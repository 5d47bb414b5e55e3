/** The statement that AddPermission writes (reference: lambda-semantics 1.9). */
import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import type { PolicyStatement } from '../../model/resource-policy.ts';

type Input = LambdaTypes['AddPermission']['input'];

const service = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/;
const identity = /^arn:aws[a-zA-Z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)$/;

/** `resource` is the ARN that the policy is for, with its qualifier. */
export function permissionStatement(input: Input, resource: string): PolicyStatement {
  const { StatementId, Action = '' } = input;
  checkForUrls(input);
  const conditions = conditionsOf(input);
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal ?? ''),
    Action,
    Resource: resource,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}

function principalOf(text: string): PolicyStatement['Principal'] {
  if (text === '*') return text;
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (identity.test(text) && !/[*?]/.test(text)) return { AWS: text };
  if (service.test(text)) return { Service: text };
  throw invalidParameterValue('The provided principal was invalid. Please check the principal and try again.');
}

function checkForUrls({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }: Input): void {
  if (FunctionUrlAuthType !== undefined && Action !== 'lambda:InvokeFunctionUrl') {
    throw invalidParameterValue('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
  }
  if (InvokedViaFunctionUrl !== undefined && Action !== 'lambda:InvokeFunction') {
    throw invalidParameterValue('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action');
  }
}

function conditionsOf(input: Input): Record<string, Record<string, string>> {
  const { SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken, FunctionUrlAuthType, InvokedViaFunctionUrl } =
    input;
  const equals = present({
    'AWS:SourceAccount': SourceAccount,
    'aws:PrincipalOrgID': PrincipalOrgID,
    'lambda:EventSourceToken': EventSourceToken,
    'lambda:FunctionUrlAuthType': FunctionUrlAuthType,
  });
  const blocks = {
    StringEquals: equals,
    Bool: present({ 'lambda:InvokedViaFunctionUrl': InvokedViaFunctionUrl?.toString() }),
    ArnLike: present({ 'AWS:SourceArn': SourceArn }),
  };
  return Object.fromEntries(Object.entries(blocks).filter(([, keys]) => Object.keys(keys).length > 0));
}

/** Without the empty: a client may send what it has no value for. */
function present(keys: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
