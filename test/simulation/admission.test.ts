import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../src/base/manual-clock.ts';
import { Admission } from '../../src/lambda/invoke/admit.ts';
import type { FunctionVersion } from '../../src/lambda/model/function.ts';
import { dice } from '../harness/dice.ts';
import { aVersion } from './world.ts';

const limit = 20;

/** What has to hold, counted anew each time from all that is under way. */
class Model {
  readonly underWay: FunctionVersion[] = [];
  readonly reserved = new Map<string, number>();
  readonly provisioned = new Map<string, Map<string, number>>();

  mayEnter({ name, version }: FunctionVersion): boolean {
    const own = this.provisioned.get(name)?.get(version) ?? 0;
    if (this.#running(name, version) < own) return true;
    const places = this.reserved.get(name);
    if (places !== undefined) return this.#spilled(name) < places - this.#provisionedFor(name);
    return this.#shared() < limit - this.#kept();
  }

  /** Of all functions without a reservation, beside what is provisioned. */
  #shared(): number {
    const names = new Set(this.underWay.map(({ name }) => name));
    return [...names].reduce((sum, name) => sum + (this.reserved.has(name) ? 0 : this.#spilled(name)), 0);
  }

  #kept(): number {
    const names = new Set([...this.reserved.keys(), ...this.provisioned.keys()]);
    return [...names].reduce((sum, name) => sum + (this.reserved.get(name) ?? this.#provisionedFor(name)), 0);
  }

  #spilled(name: string): number {
    const versions = new Set(this.underWay.filter((one) => one.name === name).map(({ version }) => version));
    return [...versions].reduce((sum, version) => {
      const own = this.provisioned.get(name)?.get(version) ?? 0;
      return sum + Math.max(0, this.#running(name, version) - own);
    }, 0);
  }

  #running(name: string, version: string): number {
    return this.underWay.filter((one) => one.name === name && one.version === version).length;
  }

  #provisionedFor(name: string): number {
    return [...(this.provisioned.get(name)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }
}

function night(seed: number): void {
  const roll = dice(seed);
  const pick = (below: number) => Math.floor(roll() * below);
  const admission = new Admission({ limit, clock: new ManualClock() });
  const model = new Model();
  const functions = ['a', 'b', 'c'].map((name) => aVersion({ name }));
  for (let step = 0; step < 400; step += 1) {
    const key = functions[pick(functions.length)] ?? aVersion();
    const chance = roll();
    if (chance < 0.05) {
      const places = roll() < 0.3 ? undefined : pick(8);
      admission.reserve(key, places);
      if (places === undefined) model.reserved.delete(key.name);
      else model.reserved.set(key.name, places);
    } else if (chance < 0.1) {
      const byVersion = new Map(['1', '2'].filter(() => roll() < 0.5).map((number) => [number, 1 + pick(3)]));
      admission.provision(key, byVersion);
      model.provisioned.set(key.name, byVersion);
    } else if (chance < 0.4) {
      const [left] = model.underWay.splice(pick(model.underWay.length), 1);
      if (left !== undefined) admission.leave(left);
    } else {
      const version = { ...key, version: ['$LATEST', '1', '2'][pick(3)] ?? '1' };
      const expected = model.mayEnter(version);
      const reason = admission.enter(version, true);
      assert.equal(reason === undefined, expected, `seed ${seed}, step ${step}: ${reason}`);
      if (reason === undefined) model.underWay.push(version);
    }
  }
}

test('three hundred seeded nights: never over a limit, and what is kept for somebody is there', () => {
  for (let seed = 1; seed <= 300; seed += 1) night(seed);
});
