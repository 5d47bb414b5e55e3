import type { Asked, ServiceRules } from '../../iam/rules.ts';

export const cloudwatchRules: ServiceRules = {
  needs: (asked) => resourcesOf(asked).map((resource) => ({ action: `cloudwatch:${asked.operation}`, resource })),
};

/** Alarms have ARNs; metrics have none. */
function resourcesOf({ input, region, accountId }: Asked): string[] {
  const { AlarmName, AlarmNames, ResourceARN } = input;
  if (typeof ResourceARN === 'string') return [ResourceARN];
  const names = [Array.isArray(AlarmNames) ? AlarmNames : [], AlarmName]
    .flat()
    .filter((name) => typeof name === 'string');
  return names.length === 0 ? ['*'] : names.map((name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`);
}
