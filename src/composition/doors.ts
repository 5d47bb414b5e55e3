/** Every service's operation table and rules, and our own paths, behind the one port. */
import { openFilesMax } from '../base/open-files.ts';
import { Turns } from '../base/turns.ts';
import { Authenticator } from '../iam/authenticate.ts';
import { createFront, type Front } from '../ingress/front.ts';
import { healthRoute } from '../ingress/health.ts';
import { snsCertificateRoute } from '../ingress/sns-certificate.ts';
import type { TlsIdentity } from '../ingress/tls/identity.ts';
import { FunctionUrls } from '../ingress/url/function-urls.ts';
import { usageRoute } from '../ingress/usage.ts';
import { codeLinkRoute } from '../lambda/api/code-link.ts';
import { lambdaRules } from '../lambda/api/rules.ts';
import { createLambdaTable } from '../lambda/api/table.ts';
import type { SourcePlane } from '../lambda/compose-sources.ts';
import { apigatewayRules } from '../services/apigateway/rules.ts';
import { apigatewayv2Rules } from '../services/apigatewayv2/rules.ts';
import { cloudwatchRules } from '../services/cloudwatch/rules.ts';
import { createIamTable } from '../services/iam/api/table.ts';
import { iamRules } from '../services/iam/rules.ts';
import { logsRules } from '../services/logs/rules.ts';
import { createS3Table } from '../services/s3/api/table.ts';
import { namedOrigin } from '../services/s3/origins.ts';
import { packagesIn } from '../services/s3/packages.ts';
import { s3Rules } from '../services/s3/rules.ts';
import { createSnsTable } from '../services/sns/api/table.ts';
import { snsRules } from '../services/sns/rules.ts';
import { createSqsTable } from '../services/sqs/api/table.ts';
import { sqsRules } from '../services/sqs/rules.ts';
import { createStsTable } from '../services/sts/api/table.ts';
import { stsRules } from '../services/sts/rules.ts';
import { createApis } from './apis.ts';
import type { Base } from './base.ts';
import type { Engines } from './engines.ts';
import { createRestApis } from './rest-apis.ts';
import type { Services } from './services.ts';

/** AWS keeps 75 GB of zipped code for each account and region. */
const codeStorageBytesMax = 75 * 1024 ** 3;

/** What the operations of Lambda set going. */
type Behind = Engines & { readonly sources: SourcePlane };
type BehindLambda = Behind & Pick<Services, 'executionRoles'>;

export function createDoors(
  base: Base,
  engines: Behind,
  { cloudwatch, logs, sns, sqs, keyUsage, accept, bucketTargets: targets, executionRoles }: Services,
  identity: TlsIdentity | undefined,
): Front {
  const { settings, store, log, clock, random } = base;
  const { code, serverSecret } = store;
  const { door } = engines;
  const callers = new Authenticator({ mode: settings.auth, keys: store.keys, serverSecret, clock });
  const apis = createApis(base, { door, callers });
  const restApis = createRestApis(base, { door, callers, usage: keyUsage, accept });
  const front: Front = createFront({
    services: {
      lambda: lambdaTable(base, { ...engines, executionRoles }),
      apigateway: restApis.table,
      apigatewayv2: apis.table,
      cloudwatch: cloudwatch.table,
      iam: createIamTable({ records: store.keys.records, keys: store.keys, clock, random }),
      logs: logs.table,
      s3: createS3Table({ objects: store.objects, clock, random, callers, targets }),
      sns: createSnsTable(sns),
      sqs: createSqsTable(sqs),
      sts: createStsTable({ mode: settings.auth, records: store.keys.records, serverSecret, clock, random }),
    },
    rules: {
      lambda: lambdaRules(store),
      apigateway: apigatewayRules,
      apigatewayv2: apigatewayv2Rules,
      cloudwatch: cloudwatchRules,
      iam: iamRules(store.keys.records),
      logs: logsRules,
      s3: s3Rules(store.objects),
      sns: snsRules(store.topics),
      sqs: sqsRules(sqs.queues),
      sts: stsRules(store.keys.records),
    },
    authentication: settings.auth,
    keys: store.keys,
    serverSecret,
    defaultRegion: settings.region,
    sites: [restApis.site, apis.site],
    routes: [
      healthRoute(() => ({
        sandbox: door.kind?.name ?? 'starting',
        environments: door.plane?.pool.count ?? 0,
        ...front.load,
      })),
      usageRoute({ usage: store.usage, settled: () => store.logs.read(), open: settings.auth === 'open' }),
      snsCertificateRoute(sns.signer),
      codeLinkRoute({ code, serverSecret, clock }),
    ],
    log,
    clock,
    random,
    functionUrls: new FunctionUrls({
      functions: store.functions,
      resources: store.resources,
      door,
      callers,
      clock,
      random,
      log,
    }),
    tls: identity && { identity, allowPlain: settings.allowPlainHttp },
    connectionsMax: Math.min(settings.connectionsMax, Math.floor(openFilesMax() * 0.75)),
    allowedHosts: [settings.host],
    namedOrigin: (request) => namedOrigin(store.objects, request),
  });
  return front;
}

function lambdaTable({ settings, store, clock, random }: Base, engines: BehindLambda) {
  const { door, admission, recursion, provisioner, runtimes, reconciler, pump, sweeper, sources, retired } = engines;
  const { functions, resources, code, serverSecret } = store;
  return createLambdaTable({
    functions,
    resources,
    code,
    packages: packagesIn(store.objects),
    async: store.async,
    door,
    admission,
    recursion,
    sampler: engines.sampler,
    provisioner,
    turns: new Turns(),
    runtimes,
    serverSecret,
    clock,
    random,
    kick: () => reconciler.kick(),
    snapshotWanted: (version) => engines.snapshotTaker.wanted(version),
    asyncAccepted: () => pump.look(),
    retired,
    released: () => sweeper.kick(),
    mappings: sources.mappings,
    roles: engines.executionRoles,
    settings: {
      concurrentExecutions: settings.concurrentExecutions,
      codeStorageBytesMax,
      architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    },
  });
}
