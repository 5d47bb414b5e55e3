/** The steps of lambent.db; a step that was released is never changed, a change is another step. */

import { apisSchema } from '../apis/api-store.ts';
import { deliveriesSchema } from '../deliveries/deliveries.ts';
import { groupSettingsSchema } from '../logs/group-settings.ts';
import { logsEdgesSchema, logsOrderSchema, logsSchema } from '../logs/schema.ts';
import { usageSchema } from '../logs/usage-sums.ts';
import { alarmsSchema } from '../metrics/alarm-store.ts';
import { metricsSchema } from '../metrics/schema.ts';
import { objectsSchema } from '../objects/schema.ts';
import { restApisSchema } from '../restapis/rest-store.ts';
import { snsSchema } from '../sns/topics.ts';
import { sqsSchema } from '../sqs/schema.ts';
import { accountUsageSchema } from './account-usage.ts';
import { inUseSchema } from './in-use.ts';

export const schema: readonly string[] = [
  `
  CREATE TABLE function (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    revision TEXT NOT NULL,
    finished INTEGER NOT NULL,
    code_bytes INTEGER NOT NULL,
    latest_code TEXT NOT NULL,
    serving_code TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, name)
  ) WITHOUT ROWID;
  CREATE INDEX function_unfinished ON function (finished) WHERE finished = 0;

  CREATE TABLE async_event (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    document TEXT NOT NULL,
    payload BLOB NOT NULL
  );
  `,
  logsSchema,
  logsOrderSchema,
  logsEdgesSchema,
  `
  CREATE TABLE resource (
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    revision TEXT,
    code TEXT,
    code_bytes INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, account, region, owner, name)
  ) WITHOUT ROWID;
  CREATE INDEX resource_code ON resource (account, region, code, code_bytes) WHERE code IS NOT NULL;
  `,
  objectsSchema,
  metricsSchema,
  alarmsSchema,
  accountUsageSchema,
  inUseSchema,
  sqsSchema,
  groupSettingsSchema,
  deliveriesSchema,
  usageSchema,
  apisSchema,
  snsSchema,
  restApisSchema,
];
