import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceExtension, type ExtensionEvent, type ExtensionState } from './extension.ts';

const states: ExtensionState[] = ['launched', 'registered', 'ready', 'running', 'failed', 'gone'];
const events: ExtensionEvent[] = ['register', 'next', 'invoke', 'init-error', 'exit-error', 'exited'];

// What is not listed is refused.
const expected = `
launched   + register   → registered
launched   + exited     → gone
registered + next       → ready
registered + init-error → failed
registered + exit-error → failed
registered + exited     → gone
ready      + next       → ready
ready      + invoke     → running
ready      + exit-error → failed
ready      + exited     → gone
running    + next       → ready
running    + exit-error → failed
running    + exited     → gone
failed     + exited     → gone
`;

test('every extension state against every event', () => {
  const lines = states.flatMap((state) =>
    events
      .map((event) => [event, advanceExtension(state, event)] as const)
      .filter(([, next]) => next !== 'refused')
      .map(([event, next]) => `${state.padEnd(10)} + ${event.padEnd(10)} → ${next}`),
  );
  assert.equal(lines.join('\n'), expected.trim());
});
