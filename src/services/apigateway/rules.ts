/** API Gateway has an action for each HTTP method, on resources that are the paths of its API. */
import { serviceModel } from '../../aws/models.ts';
import type { Asked, ServiceRules } from '../../iam/rules.ts';

export const apigatewayRules: ServiceRules = {
  needs({ operation, input, region }) {
    const [method, path] = serviceModel('apigateway').operations[operation]?.http ?? ['GET', '/'];
    return [{ action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${resourceOf(path, input)}` }];
  },
};

/** Labels are what the request says, as its sender wrote them: an ARN in a path is encoded. */
function resourceOf(path: string, input: Asked['input']): string {
  return path.replace(/\?.*$/, '').replace(/\{(\w+)\+?\}/g, (_, label: string) => {
    const value = String(input[label] ?? '');
    return label === 'resourceArn' ? encodeURIComponent(value) : value;
  });
}
