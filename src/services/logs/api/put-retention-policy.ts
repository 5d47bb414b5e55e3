import { invalidParameter, type LogsParts, noSuchGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Older events go within the hour (`retention.ts`). */
export function putRetentionPolicy({ logs }: LogsParts): LogsOperation<'PutRetentionPolicy'> {
  return {
    async handle({ logGroupName = '', retentionInDays = 0 }, context) {
      if (!days.includes(retentionInDays)) {
        throw invalidParameter(
          `Invalid value for retentionInDays: ${retentionInDays}; valid values are ${days.join(', ')}`,
        );
      }
      // What was only just logged may have made the group.
      await logs.read();
      if (!(await logs.setRetention(context, logGroupName, retentionInDays))) throw noSuchGroup();
      return {};
    },
  };
}
