export interface LogGroup {
  readonly accountId: string;
  readonly region: string;
  readonly group: string;
}

/** Of the ARN of a log group, as stages of APIs name where their access logs go. */
export function logGroupOf(arn: string): LogGroup | undefined {
  const { region, accountId, group } =
    /^arn:aws[a-z-]*:logs:(?<region>[a-z0-9-]+):(?<accountId>\d{12}):log-group:(?<group>[\w./#-]{1,512})(:\*)?$/.exec(
      arn,
    )?.groups ?? {};
  return region === undefined || accountId === undefined || group === undefined
    ? undefined
    : { region, accountId, group };
}
