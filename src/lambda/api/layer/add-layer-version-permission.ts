import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { layerVersionArn } from '../../model/layer.ts';
import { ownLayerVersion } from '../../model/layer-names.ts';
import { type PolicyStatement, policyWith } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changeLayerPolicy } from './layer-policy.ts';

type Input = LambdaTypes['AddLayerVersionPermission']['input'];

/** The model lets in no other action than lambda:GetLayerVersion, and only accounts as principals. */
export function addLayerVersionPermission(parts: LambdaParts): LambdaOperation<'AddLayerVersionPermission'> {
  return {
    async handle(input, context) {
      const key = ownLayerVersion(input.LayerName, input.VersionNumber, context);
      const statement = statementOf(input, layerVersionArn(key));
      const RevisionId = await changeLayerPolicy(parts, key, {
        revisionId: input.RevisionId,
        next: (document) => policyWith(document, statement),
      });
      return { Statement: JSON.stringify(statement), RevisionId };
    },
  };
}

function statementOf(
  { StatementId, Action = '', Principal = '', OrganizationId }: Input,
  resource: string,
): PolicyStatement {
  const account = /^\d{12}$/.test(Principal) ? `arn:aws:iam::${Principal}:root` : Principal;
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: account },
    Action,
    Resource: resource,
    ...(OrganizationId ? { Condition: { StringEquals: { 'aws:PrincipalOrgID': OrganizationId } } } : {}),
  };
}
