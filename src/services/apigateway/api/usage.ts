import type { UsageRecord } from '../../../store/restapis/rest-record.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import type { UsageCounter } from '../usage-counter.ts';
import { daysBetween, periodStart, usedIn } from '../usage-period.ts';
import { planOf } from './usage-plans.ts';

const daysMax = 90;
const fields: Fields = { '/remaining': 'integer' };

/** For each key and day what was used and what was left. */
export function getUsage({ rest, usage }: ApigatewayParts): ApigatewayOperation<'GetUsage'> {
  return {
    handle({ usagePlanId, startDate = '', endDate = '', keyId, ...page }, context) {
      const record = planOf(rest, context, usagePlanId);
      const days = daysBetween(startDate, endDate);
      if (days.length === 0 || days.length > daysMax) {
        throw badRequest(`Invalid date range specified: dates are yyyy-mm-dd, and at most ${daysMax} days apart`);
      }
      const keys = record.keyIds.filter((id) => keyId === undefined || id === keyId);
      const { items, ...more } = pageOf(keys, page);
      const values = items.map((id): [string, number[][]] => [id, perDay(usage, record, id, days)]);
      return { usagePlanId: record.id, startDate, endDate, items: Object.fromEntries(values), ...more };
    },
  };
}

function perDay(
  usage: UsageCounter,
  { id, plan }: ReturnType<typeof planOf>,
  keyId: string,
  days: readonly string[],
): number[][] {
  const record = usage.of(id, keyId);
  return days.map((day) => [Object.hasOwn(record.days, day) ? (record.days[day] ?? 0) : 0, leftOn(record, plan, day)]);
}

/** At the end of the day; without a quota AWS says nothing of a remainder, and a number has to stand there. */
function leftOn(
  record: Pick<UsageRecord, 'days' | 'extra'>,
  plan: ReturnType<typeof planOf>['plan'],
  day: string,
): number {
  const { quota } = plan;
  if (quota === undefined) return 0;
  const start = periodStart(quota, Date.parse(`${day}T00:00:00Z`));
  const days = Object.fromEntries(Object.entries(record.days).filter(([each]) => each <= day));
  const { used, extra } = usedIn({ ...record, days }, start);
  return Math.max(0, (quota.limit ?? 0) + extra - used);
}

/** Grants, or takes, what is left of the period that is now. */
export function updateUsage({ rest, usage, clock }: ApigatewayParts): ApigatewayOperation<'UpdateUsage'> {
  return {
    async handle({ usagePlanId, keyId = '', patchOperations }, context) {
      const { id, plan, keyIds } = planOf(rest, context, usagePlanId);
      if (!keyIds.includes(keyId)) throw notFound('Usage Plan Key identifier');
      const { quota } = plan;
      if (quota === undefined) throw badRequest('The usage plan has no quota');
      const { remaining } = patched<{ remaining?: number }>({}, patchOperations, fields);
      if (remaining === undefined || remaining < 0) throw badRequest('Invalid patch value specified for remaining');
      const start = periodStart(quota, clock.now());
      const { used } = usedIn(usage.of(id, keyId), start);
      await usage.grant({ planId: id, keyId }, start, remaining + used - (quota.limit ?? 0));
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      return {
        usagePlanId: id,
        startDate: today,
        endDate: today,
        items: { [keyId]: [[usedIn(usage.of(id, keyId), today).used, remaining]] },
      };
    },
  };
}
