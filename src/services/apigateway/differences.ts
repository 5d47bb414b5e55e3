/** Where REST APIs here do in another way what AWS does. docs/compatibility.md is made from this too. */
export const apigatewayDifferences = [
  {
    what: 'REST APIs: addresses',
    here: '`http://<api>.execute-api.<region>.localhost:<port>/<stage>/…`, and `/_lambent/apis/<api>/<stage>/…` for those who cannot resolve it, where pages have no origin; the host in events and `domainName` has the port, and `X-Forwarded-Proto` says `http`, or `https` with a certificate',
  },
  {
    what: 'REST APIs: `endpointConfiguration`, `securityPolicy`, `endpointAccessMode`, `tracingEnabled`, `documentationVersion`, `cloudwatchRoleArn`',
    here: 'are kept and shown; every API is reached in the same way',
  },
  {
    what: 'REST APIs: caches (`cacheClusterSize`, `cacheNamespace`, `cacheKeyParameters`, settings of caching), execution logs and metrics of methods',
    here: 'settings are kept and shown, a stage with an enabled cache cluster is refused; nothing is cached, and requests are not logged step by step or counted in CloudWatch',
  },
  {
    what: 'REST APIs: `credentials`, `authorizerCredentials`',
    here: 'with one, the function’s policy is not asked; the role’s own policies are not asked either',
  },
  {
    what: 'REST APIs: throttling',
    here: 'by the settings of methods and usage plans; without them there is no limit (AWS has one for the account)',
  },
  {
    what: 'REST APIs: usage of API keys',
    here: 'is written a second after it was counted: a server that is killed forgets the last second',
  },
  {
    what: 'REST APIs: providers of `COGNITO_USER_POOLS` authorizers',
    here: 'are ARNs of user pools, whose issuer is asked for its keys, or the URL of any issuer',
  },
];
