/** Where API Gateway here does in another way what AWS does. docs/compatibility.md is made from this too. */
export const apigatewayv2Differences = [
  {
    what: 'HTTP APIs: addresses',
    here: '`http://<api>.execute-api.<region>.localhost:<port>`, and `/_lambent/apis/<api>/<stage>/…` for those who cannot resolve it, where pages have no origin; the host in events and `domainName` has the port, and `x-forwarded-proto` says `http`, or `https` with a certificate',
  },
  {
    what: 'HTTP APIs: `DetailedMetricsEnabled`, `IpAddressType`, `DisableSchemaValidation`',
    here: 'are kept and shown; requests are not counted in CloudWatch',
  },
  {
    what: 'HTTP APIs: `CredentialsArn`, `AuthorizerCredentialsArn`',
    here: 'with one, the function’s policy is not asked; the role’s own policies are not asked either',
  },
  {
    what: 'HTTP APIs: automatic deployments',
    here: 'are forgotten when no stage is on them any more',
  },
  {
    what: 'HTTP APIs: throttling',
    here: 'by the settings of stages and routes; without them there is no limit (AWS has one for the account)',
  },
  {
    what: 'HTTP APIs: paths to `HTTP_PROXY` integrations',
    here: 'that lead out of the URL’s folder (`..`) are answered 400',
  },
  {
    what: 'WebSocket APIs: integrations',
    here: 'are functions (`AWS_PROXY`); their results are not transformed, and models are not there',
  },
  {
    what: 'WebSocket APIs: `@connections`',
    here: 'under the API’s address and stage, and under the AWS endpoint itself (`AWS_ENDPOINT_URL`), which is what functions can reach; connections end with the server, and `$disconnect` is told of them as far as there is time',
  },
  {
    what: 'WebSocket APIs: binary messages',
    here: 'are events with `isBase64Encoded` (AWS takes them for text unless it is told to convert)',
  },
];
