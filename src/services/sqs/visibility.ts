import { invalid, missing } from './errors.ts';

const secondsMax = 43_200;

/** In milliseconds; up to twelve hours. */
export function visibilityMs(seconds: number | undefined): number {
  if (seconds === undefined) throw missing('VisibilityTimeout');
  if (seconds < 0 || seconds > secondsMax) {
    throw invalid('VisibilityTimeout', seconds, `Must be between 0 and ${secondsMax}.`);
  }
  return seconds * 1000;
}
