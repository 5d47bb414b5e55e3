/** `arn:aws:apigateway:{region}:{service}:path|action/…`, the way in which an API names what AWS does for it. */
const awsPattern = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:[a-z0-9.-]+:(path|action)\/.+$/;
const functionPattern =
  /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/[0-9-]+\/functions\/(?<arn>arn:[^/]+)\/(?:invocations|response-streaming-invocations)$/;
const functionArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+$/;
const reference = /\$\{stageVariables\.(\w+)\}/g;

/** With stage variables in their places; what there is not is nothing. */
export function withStageVariables(text: string, variables: Readonly<Record<string, string>> = {}): string {
  return text.replace(reference, (_, name: string) => (Object.hasOwn(variables, name) ? (variables[name] ?? '') : ''));
}

/** Where a text is only looked at, before there are variables. */
export function withoutStageVariables(text: string): string {
  return text.replace(reference, 'variable');
}

export function isAwsUri(uri: string): boolean {
  return awsPattern.test(withoutStageVariables(uri));
}

/** The function that a URI names, once its stage variables are in it. */
export function functionOf(uri: string): string | undefined {
  const arn = functionPattern.exec(uri)?.groups?.arn;
  return arn !== undefined && functionArn.test(arn) ? arn : undefined;
}
