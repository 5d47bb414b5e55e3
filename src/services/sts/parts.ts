import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { IamRecords } from '../../iam/records.ts';

/** What the operations of STS are made of. */
export interface StsParts {
  /** Open: nobody is asked who they are, and every ARN of a role is believed. */
  readonly mode: 'open' | 'signed';
  readonly records: Pick<IamRecords, 'get'>;
  readonly serverSecret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
}
