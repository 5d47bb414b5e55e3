import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, type EnvironmentEvent, type EnvironmentState } from './environment.ts';

const states: Record<string, EnvironmentState> = {
  cold: { name: 'cold', suppressed: false },
  'cold again': { name: 'cold', suppressed: true },
  'init phase': { name: 'initialising', phase: 'init' },
  'init in invoke': { name: 'initialising', phase: 'invoke' },
  idle: { name: 'idle', frozen: false },
  frozen: { name: 'idle', frozen: true },
  busy: { name: 'busy' },
  lingering: { name: 'lingering' },
  gone: { name: 'gone' },
};

const events: EnvironmentEvent[] = [
  'start',
  'ready',
  'init-failed',
  'invoke',
  'answered',
  'answered-early',
  'extensions-done',
  'answered-last',
  'overdue',
  'exited',
  'violated',
  'rested',
  'retire',
];

// Every state against every event; what is not listed is refused.
const expected = `
cold           + start           → init phase: start-runtime
cold           + retire          → gone: forget
cold again     + start           → init in invoke: start-runtime
cold again     + retire          → gone: forget
init phase     + ready           → idle: offer
init phase     + init-failed     → cold again: report-init-failure, discard-runtime, offer
init phase     + overdue         → cold again: report-init-failure, discard-runtime, offer
init phase     + exited          → cold again: report-init-failure, discard-runtime, offer
init phase     + violated        → cold again: report-init-failure, discard-runtime, offer
init phase     + retire          → gone: discard-runtime, forget
init in invoke + ready           → busy: dispatch
init in invoke + init-failed     → cold again: report-init-failure, discard-runtime, settle-failure
init in invoke + overdue         → cold again: report-init-failure, discard-runtime, settle-failure
init in invoke + exited          → cold again: report-init-failure, discard-runtime, settle-failure
init in invoke + violated        → cold again: report-init-failure, discard-runtime, settle-failure
init in invoke + retire          → gone: discard-runtime, settle-failure, forget
idle           + invoke          → busy: dispatch
idle           + exited          → cold again: discard-runtime
idle           + violated        → cold again: discard-runtime
idle           + rested          → frozen: freeze
idle           + retire          → gone: discard-runtime, forget
frozen         + invoke          → busy: thaw, dispatch
frozen         + exited          → cold again: discard-runtime
frozen         + violated        → cold again: discard-runtime
frozen         + retire          → gone: discard-runtime, forget
busy           + answered        → idle: settle-answer
busy           + answered-early  → lingering: answer
busy           + answered-last   → cold again: discard-runtime, settle-answer
busy           + overdue         → cold again: discard-runtime, settle-failure
busy           + exited          → cold again: discard-runtime, settle-failure
busy           + violated        → cold again: discard-runtime, settle-failure
busy           + retire          → gone: discard-runtime, settle-failure, forget
lingering      + extensions-done → idle: settle-answer
lingering      + overdue         → cold again: discard-runtime, settle-failure
lingering      + exited          → cold again: discard-runtime, settle-failure
lingering      + violated        → cold again: discard-runtime, settle-failure
lingering      + retire          → gone: discard-runtime, settle-answer, forget
`;

function nameOf(state: EnvironmentState): string {
  const found = Object.entries(states).find(([, candidate]) => JSON.stringify(candidate) === JSON.stringify(state));
  assert.ok(found, `a state without a name: ${JSON.stringify(state)}`);
  return found[0];
}

test('every environment state against every event', () => {
  const lines: string[] = [];
  for (const [name, state] of Object.entries(states)) {
    for (const event of events) {
      const step = advance(state, event);
      if (step === 'refused') continue;
      lines.push(`${name.padEnd(14)} + ${event.padEnd(15)} → ${nameOf(step.next)}: ${step.effects.join(', ')}`);
    }
  }
  assert.equal(lines.join('\n'), expected.trim());
});

test('a step that ends an environment or its runtime always discards the runtime it had', () => {
  for (const state of Object.values(states)) {
    if (state.name === 'cold' || state.name === 'gone') continue;
    for (const event of events) {
      const step = advance(state, event);
      if (step === 'refused' || (step.next.name !== 'cold' && step.next.name !== 'gone')) continue;
      assert.ok(step.effects.includes('discard-runtime'), `${state.name} + ${event}`);
    }
  }
});
