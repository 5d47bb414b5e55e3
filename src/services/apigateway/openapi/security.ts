/** Who may call a method: security schemes with their authorizers, and what a method says of them. */
import type { Random } from '../../../base/random.ts';
import { shortId } from '../../../base/short-id.ts';
import type { AuthorizerDocument, MethodDocument } from '../../../store/restapis/rest-record.ts';
import { newAuthorizer } from '../api/authorizers.ts';
import { type Fields, fieldsOf, listOf, numberOf, resolved, textOf } from './read.ts';

function schemesOf(document: Fields): Fields {
  return { ...fieldsOf(document.securityDefinitions), ...fieldsOf(fieldsOf(document.components).securitySchemes) };
}

/** Those that belong to a scheme have its name. */
export function importedAuthorizers(document: Fields, random: Random): AuthorizerDocument[] {
  return Object.entries(schemesOf(document)).flatMap(([name, value]) => {
    const scheme = resolved(document, value);
    const from = fieldsOf(scheme['x-amazon-apigateway-authorizer']);
    if (Object.keys(from).length === 0) return [];
    const providers = listOf(from.providerARNs).map(String);
    const input = {
      name,
      type: authorizerType(from),
      authType: textOf(scheme['x-amazon-apigateway-authtype']),
      authorizerUri: textOf(from.authorizerUri),
      authorizerCredentials: textOf(from.authorizerCredentials),
      identityValidationExpression: textOf(from.identityValidationExpression),
      identitySource: textOf(from.identitySource) ?? headerSource(scheme),
      authorizerResultTtlInSeconds: numberOf(from.authorizerResultTtlInSeconds),
      providerARNs: providers.length === 0 ? undefined : providers,
    };
    return [newAuthorizer(shortId(random, 6), input)];
  });
}

function authorizerType({ type }: Fields): NonNullable<AuthorizerDocument['type']> {
  const name = String(type).toLowerCase();
  if (name === 'cognito_user_pools') return 'COGNITO_USER_POOLS';
  return name === 'request' ? 'REQUEST' : 'TOKEN';
}

/** Of a scheme that says which header has its token. */
function headerSource({ in: place, name }: Fields): string | undefined {
  return place === 'header' && textOf(name) !== undefined ? `method.request.header.${textOf(name)}` : undefined;
}

type Security = Pick<MethodDocument, 'authorizationType' | 'authorizerId' | 'authorizationScopes' | 'apiKeyRequired'>;

/** A method's own word, else the document's. */
export function securityOf(document: Fields, operation: Fields, authorizers: readonly AuthorizerDocument[]): Security {
  const schemes = schemesOf(document);
  const security: { -readonly [Name in keyof Security]: Security[Name] } = {
    authorizationType: 'NONE',
    apiKeyRequired: false,
  };
  const requirements = listOf(operation.security ?? document.security).flatMap((each) =>
    Object.entries(fieldsOf(each)),
  );
  for (const [name, scopes] of requirements) {
    const scheme = Object.hasOwn(schemes, name) ? resolved(document, schemes[name]) : {};
    const authorizer = authorizers.find((each) => each.name === name);
    if (scheme['x-amazon-apigateway-authtype'] === 'awsSigv4') security.authorizationType = 'AWS_IAM';
    else if (authorizer !== undefined) Object.assign(security, authorized(authorizer, listOf(scopes).map(String)));
    else if (scheme.type === 'apiKey') security.apiKeyRequired = true;
  }
  const auth = textOf(fieldsOf(operation['x-amazon-apigateway-auth']).type);
  if (auth !== undefined) security.authorizationType = auth.toUpperCase();
  return security;
}

function authorized({ id, type }: AuthorizerDocument, scopes: readonly string[]): Partial<Security> {
  const cognito = type === 'COGNITO_USER_POOLS';
  return {
    authorizationType: cognito ? 'COGNITO_USER_POOLS' : 'CUSTOM',
    authorizerId: id,
    ...(cognito && scopes.length > 0 ? { authorizationScopes: [...scopes] } : {}),
  };
}
