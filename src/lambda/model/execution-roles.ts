/** What is known of functions' roles, where somebody asks who senders are; where nobody does, nothing is refused. */
export interface ExecutionRoles {
  /** Why the function may not run as the role, if it may not. */
  refusal(roleArn: string, functionArn: string): 'another-account' | 'not-assumable' | undefined;
  /** Whether a role may do something: `sqs:SendMessage` on a queue's ARN. The resource's own policy counts as well. */
  may(roleArn: string, action: string, resource: string): boolean;
}
