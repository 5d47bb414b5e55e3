const pattern =
  /^(?:arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(?<inner>arn:[^/]+)\/invocations|(?<bare>arn:[^/]+))$/;
const functionPattern = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+$/;
const reference = /\$\{stageVariables\.(\w+)\}/g;

/** The function that an integration or an authorizer names, in either of the two ways; stage variables are put in. */
export function functionOfUri(
  uri: string | undefined,
  stageVariables: Readonly<Record<string, string>> = {},
): string | undefined {
  const whole = (uri ?? '').replace(reference, (_, name: string) =>
    Object.hasOwn(stageVariables, name) ? (stageVariables[name] ?? '') : '',
  );
  const { inner, bare } = pattern.exec(whole)?.groups ?? {};
  const arn = inner ?? bare;
  return arn !== undefined && functionPattern.test(arn) ? arn : undefined;
}

/** Whether a text names a function, once its stage variables are known. */
export function looksLikeFunction(uri: string | undefined): boolean {
  // A variable may stand for the name alone or for the name with its qualifier, hardly for the ARN.
  const filled = (uri ?? '').replace(reference, 'variable');
  return functionOfUri(filled) !== undefined;
}
