/** What every sandbox kind owes: one suite, run against each; what a kind does not guarantee it must not claim. */

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { invariant } from '../../../base/invariant.ts';
import { besideCases } from './contract/beside.ts';
import { copyCases } from './contract/copies.ts';
import { Harness, type MakeKind } from './contract/harness.ts';
import { isolationCases } from './contract/isolation.ts';
import { leftoverCases } from './contract/leftovers.ts';
import { lifeCases } from './contract/life.ts';
import { networkCases } from './contract/network.ts';
import type { SandboxKind } from './sandbox.ts';

export function sandboxContract(name: SandboxKind['name'], make: MakeKind, skip: string | false = false): void {
  describe(`sandbox kind ${name}`, { skip, timeout: 120_000 }, () => {
    let opened: Harness | undefined;
    const harness = () => {
      invariant(opened, 'the suite opened its kind before the first case');
      return opened;
    };

    before(async () => {
      opened = await Harness.open(make);
    });
    afterEach(() => opened?.sweep());
    after(() => opened?.close());

    test('It works here, and says who it is', async () => {
      assert.deepEqual(await harness().kind.probe(), { works: true });
      assert.equal(harness().kind.name, name);
    });
    lifeCases(harness);
    besideCases(harness);
    isolationCases(harness);
    networkCases(harness);
    copyCases(harness);
    leftoverCases(name, make);
  });
}
