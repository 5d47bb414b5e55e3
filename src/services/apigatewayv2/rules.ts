/** API Gateway has an action for each HTTP method, on resources that are the paths of its API. */
import { serviceModel } from '../../aws/models.ts';
import type { Asked, ServiceRules } from '../../iam/rules.ts';

export const apigatewayv2Rules: ServiceRules = {
  needs({ operation, input, region }) {
    const [method, path] = serviceModel('apigatewayv2').operations[operation]?.http ?? ['GET', '/v2'];
    const own = {
      action: `apigateway:${method}`,
      resource: `arn:aws:apigateway:${region}::${resourceOf(path, input)}`,
    };
    // A role is given away only by who may pass it on.
    const roles = [input.CredentialsArn, input.AuthorizerCredentialsArn].filter((arn) => typeof arn === 'string');
    return [own, ...roles.map((resource) => ({ action: 'iam:PassRole', resource }))];
  },
};

/** Without the version; labels are what the request says, as its sender wrote them: an ARN in a path is encoded. */
function resourceOf(path: string, input: Asked['input']): string {
  return path.replace(/^\/v2/, '').replace(/\{(\w+)\}/g, (_, label: string) => {
    const value = String(input[label] ?? '');
    return label === 'ResourceArn' ? encodeURIComponent(value) : value;
  });
}
