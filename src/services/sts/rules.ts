import type { ServiceRules } from '../../iam/rules.ts';

export const stsRules: ServiceRules = {
  /** Nobody needs leave to ask who they are; a Deny has no effect on that either. */
  needs({ operation, input }) {
    if (operation === 'GetCallerIdentity') return [];
    return [{ action: `sts:${operation}`, resource: typeof input.RoleArn === 'string' ? input.RoleArn : '*' }];
  },
};
