/** Where this server does what AWS does in another way. docs/compatibility.md is made from this too. */
export interface KnownDifference {
  readonly what: string;
  readonly here: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    what: '`/tmp` after a timeout or a crash',
    here: 'is empty: the next event of the environment gets a new sandbox (AWS starts a new process in the old one)',
  },
  {
    what: 'Libraries that AWS puts beside your code',
    here:
      'are not there: package `@aws-sdk/*` and `boto3` with your function. A Python of the operating system shows its own ' +
      'site-packages',
  },
  {
    what: 'The operating system inside an environment',
    here: "is this machine's /usr, read-only, and not Amazon Linux: build native code for this machine",
  },
  {
    what: '`Max Memory Used`',
    here:
      'counts what the environment alone uses; pages of the interpreter, or of the snapshot, that environments share are ' +
      'nobody’s, so it is lower than on AWS',
  },
  {
    what: '`_X_AMZN_TRACE_ID`',
    here:
      'is what `process.env` and `os.environ` answer, and no variable of the process: the C library would keep each ' +
      "event's for ever. Python's child processes have it when they are given `os.environ`, Node.js's when they are given it",
  },
  {
    what: 'SnapStart',
    here:
      'is a process that has initialised and is forked for each environment: Python from 3.12, on Linux on x86-64. A version ' +
      'whose init leaves threads, processes, shared memory, pipes or event loops behind, or that has extensions or a file ' +
      'system of its own, becomes Active with OptimizationStatus Off and the reason in StateReason; its environments ' +
      'initialise and run both kinds of hooks. Connections that init opened are closed in each copy. Hooks that fail after a ' +
      'restore are a function error (AWS: SnapStartException). Snapshots are taken anew after a restart of the server, ' +
      'after six hours, and when memory was short, so that init runs again; caching and restoring are not in the bill',
  },
  {
    what: 'Requests a second',
    here:
      'are refused beyond ten for each place of a reservation, and not beyond ten for each place of the account or of ' +
      'provisioned concurrency: this server may be faster than that',
  },
  {
    what: 'Asynchronous events that fail for good and have no destination',
    here: "are dropped, as on AWS, and there is a line in the server's log",
  },
  {
    what: 'A chain of invocations that was stopped',
    here:
      'is seen where it goes through Lambda and SQS with an SDK that passes the trace header on; destinations read the ' +
      'condition `RecursiveInvocation`, whose name AWS does not publish',
  },
  {
    what: 'Ten synchronous invocations a second for each place of concurrency',
    here: 'is a limit for functions with reserved concurrency; the others may do as many as the machine can',
  },
  {
    what: 'A thousand new environments in ten seconds',
    here: 'are more than there can be at once, so that limit on growth is never met',
  },
  {
    what: 'The price of provisioned concurrency',
    here:
      'is one for what is there, by the second, while the server runs and the environments are ready (AWS: from the request ' +
      'on, in steps of five minutes)',
  },
  {
    what: 'More concurrency than the machine carries',
    here: 'waits for an environment for up to a minute and is then throttled (429)',
  },
  {
    what: 'Streamed responses',
    here: 'go as fast as their reader takes them (AWS: 6 MB at once, then 2 MB/s)',
  },
  {
    what: 'Extensions in plain processes (`--sandbox process`)',
    here: 'find no host `sandbox.localdomain`: they listen for telemetry on 127.0.0.1 or 0.0.0.0, which works everywhere',
  },
  {
    what: 'Telemetry',
    here: 'has no span `runtimeOverhead`',
  },
  {
    what: 'The Cognito identity in the context',
    here: 'is never set: no caller can have one without Cognito. The client context is passed on',
  },
  {
    what: 'A layer shared with an organization (`OrganizationId`)',
    here: 'is shared with nobody: no account is in an organization here, so the condition never holds',
  },
  {
    what: 'Layers under `/opt`',
    here:
      'are there in namespaces. A plain process (`--sandbox process`) has them in another folder: imports, programs on ' +
      'PATH, libraries, a bootstrap and wrapper scripts are found, what names /opt itself is not',
  },
  {
    what: 'Files that only their owner may read in a package',
    here: 'can be read by the function as well (AWS keeps the mode, and the function fails)',
  },
  {
    what: 'StartLiveTail',
    here: 'is answered on the same host as everything else: give the SDK `disableHostPrefix`, since it would ask `stream-…`',
  },
  {
    what: 'Events of subscription filters and metric filters',
    here: 'are made when a line is logged; what a `kill -9` finds between the two is not made later',
  },
  {
    what: 'Addresses of this server inside of a function',
    here:
      'are those in AWS_ENDPOINT_URL: 127.0.0.1 is the environment’s own loopback, so that a queue’s URL that was asked for ' +
      'outside and handed on in a variable leads nowhere. Ask for it inside (GetQueueUrl), or give the SQS client of ' +
      'JavaScript `useQueueUrlAsEndpoint: false`',
  },
  {
    what: 'Asynchronous events that find no concurrency left',
    here: 'wait in line and are not attempted, so that the metric Throttles does not count them (AWS: each attempt is one)',
  },
  {
    what: 'Metric math and statistics',
    here:
      'are operators, `ABS`, `AVG`, `CEIL`, `DIFF`, `FILL` (a number or `REPEAT`), `FLOOR`, `IF`, `MAX`, `METRICS`, `MIN`, ' +
      '`PERIOD`, `RATE` and `SUM`, and the plain statistics and percentiles; `SEARCH`, anomaly bands and trimmed statistics ' +
      '(`tm90`, `IQM`, …) are refused',
  },
  {
    what: 'Alarms whose metric has gaps',
    here:
      'look at their evaluation periods and no further (AWS looks a few periods back for as many values as it needs, and so ' +
      'keeps a state for some minutes longer); their StateReason is worded in another way',
  },
  {
    what: 'Filter patterns of space-delimited lines (`[ip, user, …]`) and with regular expressions (`%ab+%`)',
    here: 'are refused; words, phrases, `?`, `-` and JSON patterns work',
  },
  {
    what: 'A function without `Architectures`',
    here: "has this machine's own (AWS: x86_64); one for another architecture is refused",
  },
  {
    what: 'Aliases of one function',
    here: 'are 10,000 at most (AWS has a limit and does not say which)',
  },
  {
    what: "Permissions of a function's role",
    here:
      'are those of its policies where requests are signed (`--auth signed`); in the open mode every ARN of a role is taken ' +
      'and may do everything in its account',
  },
  {
    what: 'A `Deny` in the policy of a function',
    here: 'holds for everybody but the root of the function’s own account, who is all callers in the open mode',
  },
  {
    what: 'Principals and organizations in policies',
    here:
      'are not looked up: a user or role that does not exist can be named, and `aws:PrincipalOrgID` lets nobody in. There ' +
      'is no setting that blocks public policies, so `PublicPolicyException` is never thrown',
  },
  {
    what: 'SQS: the same name within 60 seconds of DeleteQueue, and a second PurgeQueue within 60 seconds',
    here: 'work at once; only a purge that is still under way is not begun again',
  },
  {
    what: 'SQS: `ReceiveRequestAttemptId`, `KmsMasterKeyId`, the fairness of standard queues among `MessageGroupId`s',
    here: 'are accepted without effect: a repeated receive is a new one, nothing is encrypted, and tenants are not told apart',
  },
  {
    what: 'The role of a function whose event source mapping reads a queue',
    here:
      'needs what it needs on AWS where requests are signed; in the open mode it may read every queue of its own account, ' +
      'and queues of others must let it in',
  },
  {
    what: 'A function URL',
    here:
      'is `http://<id>.lambda-url.<region>.localhost:<port>/`, or `/_lambent/url/<id>/` where such names do not resolve; ' +
      'there is no TLS, so that `x-forwarded-proto` says http',
  },
  {
    what: 'Queues and topics that a service sends to',
    here:
      'must let the service in by their policy, as on AWS; what a function tells as a destination or dead letter needs leave ' +
      'of its role where requests are signed, when it is configured and at the end of the event; no leave in the open mode',
  },
  {
    what: 'SNS: `SigningCertURL`, `SubscribeURL` and `UnsubscribeURL`',
    here:
      'lead to this server, as the subscriber called it, and the certificate is of a key of its own: libraries that insist ' +
      'on amazonaws.com do not accept it. A server that wants signed requests takes no unsigned Unsubscribe',
  },
  {
    what: 'SNS: `KmsMasterKeyId`, `TracingConfig`, the roles for delivery status, `SubscriptionRoleArn`',
    here: 'are accepted, kept and shown without effect. Subscriptions by email, text message and Firehose are refused',
  },
  {
    what: 'SNS: HTTP endpoints',
    here:
      'may be anywhere but at link-local addresses; nothing follows a redirect, and an answer has 15 seconds. Of a delivery ' +
      'policy, retries and the shortest and longest wait count',
  },
];
