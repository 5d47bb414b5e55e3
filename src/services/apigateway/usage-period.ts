/** Quotas count calendar days of UTC, in periods that begin `offset` days into a week or a month. */
import type { QuotaSettings } from '@aws-sdk/client-api-gateway';
import type { UsageRecord } from '../../store/restapis/rest-record.ts';

const dayMs = 86_400_000;

export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** The first day of the period that a day is in. Weeks begin on Sunday. */
export function periodStart({ period, offset = 0 }: QuotaSettings, now: number): string {
  if (period === 'DAY') return dayOf(now);
  const today = Math.floor(now / dayMs) * dayMs;
  if (period === 'WEEK') {
    const into = (new Date(today).getUTCDay() - offset + 7) % 7;
    return dayOf(today - into * dayMs);
  }
  const date = new Date(today);
  const month = date.getUTCDate() > offset ? date.getUTCMonth() : date.getUTCMonth() - 1;
  return dayOf(Date.UTC(date.getUTCFullYear(), month, 1 + offset));
}

/** What was used since the period began, and what of it was granted besides. */
export function usedIn(
  { days, extra }: Pick<UsageRecord, 'days' | 'extra'>,
  start: string,
): { used: number; extra: number } {
  const used = Object.entries(days).reduce((sum, [day, count]) => (day >= start ? sum + count : sum), 0);
  return { used, extra: Object.hasOwn(extra, start) ? (extra[start] ?? 0) : 0 };
}

/** Every day from one to another; none when they are no days. */
export function daysBetween(from: string, to: string): string[] {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  const found: string[] = [];
  for (let day = first; day <= last; day += dayMs) found.push(dayOf(day));
  return found;
}
