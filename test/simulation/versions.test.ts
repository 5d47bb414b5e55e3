/** Versions, aliases and routing against plain models of them, by seed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf, create, createFixture, type Fixture } from '../../src/lambda/api/fixture.ts';
import { versionToRun, versionToShow } from '../../src/lambda/model/qualifier.ts';
import { ownedKey, put, versionName } from '../../src/lambda/model/resources.ts';
import { memoryDocuments } from '../../src/store/testing/memory.ts';
import { record, scope, version } from '../../src/store/testing/records.ts';
import { dice } from '../harness/dice.ts';

const hello = { ...scope, name: 'hello' };

test('any mixture of versions and aliases resolves as a plain map of them would', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const roll = dice(seed);
    const upTo = (most: number) => Math.floor(roll() * most);
    const versions = Array.from({ length: 1 + upTo(30) }, () => String(1 + upTo(2000)));
    const aliases = Array.from({ length: upTo(20) }, (_, index) => {
      return [`${index}-a_${upTo(9)}`, versions[upTo(versions.length)] ?? ''] as const;
    });
    const known = await sourcesOf(
      versions,
      aliases.map(([name, to]) => ({ name, to, weights: {} })),
    );
    const meant = new Map([...versions.map((number) => [number, number] as const), ...aliases]);
    for (const asked of [...meant.keys(), ...Array.from({ length: 50 }, () => String(upTo(2100)))]) {
      assert.equal(versionToRun(known, hello, asked)?.version, meant.get(asked), `seed ${seed}: ${asked}`);
      assert.equal(versionToShow(known, hello, asked)?.version, meant.get(asked), `seed ${seed}: ${asked}`);
    }
  }
});

test('weights split invocations by their share, 0 and 1 exactly', async () => {
  const rolls = 20_000;
  for (const [seed, weight] of [0, 0.001, 0.05, 0.5, 0.9, 1].entries()) {
    const known = await sourcesOf(['1', '2'], [{ name: 'live', to: '1', weights: { 2: weight } }], dice(seed));
    let further = 0;
    for (let roll = 0; roll < rolls; roll++) if (versionToRun(known, hello, 'live')?.version === '2') further += 1;
    // Five standard deviations: a right split is outside once in two million.
    const slack = 5 * Math.sqrt(rolls * weight * (1 - weight));
    assert.ok(Math.abs(further - rolls * weight) <= slack, `weight ${weight}: ${further} of ${rolls}`);
  }
});

interface Route {
  readonly name: string;
  readonly to: string;
  readonly weights: Readonly<Record<string, number>>;
}

async function sourcesOf(versions: readonly string[], aliases: readonly Route[], fraction = () => 0) {
  const documents = memoryDocuments();
  await documents.functions.create(record('hello'), [
    ...versions.map((number) =>
      put('version', ownedKey(hello, versionName(number)), { ...version('hello', number, 'aa'), version: number }),
    ),
    ...aliases.map(({ name, to, weights }) =>
      put('alias', ownedKey(hello, name), {
        name,
        functionVersion: to,
        description: '',
        additionalVersionWeights: weights,
        revisionId: 'r',
      }),
    ),
  ]);
  return { ...documents, random: { fraction } };
}

/** What the world did to a function, and what must be true of it whatever it did. */
class Model {
  readonly fixture: Fixture = createFixture();
  /** The timeout that each version had when it was published. */
  readonly versions = new Map<number, number>();
  timeout: number | undefined;
  highest = 0;

  readonly steps: Record<string, (upTo: (most: number) => number) => Promise<void>> = {
    create: async (upTo) => {
      if (this.timeout !== undefined) return;
      const Publish = upTo(2) === 1;
      this.timeout = 3;
      const answer = await create(this.fixture, { Publish });
      if (Publish) this.#published(answer.Version, 3);
      await this.fixture.settle();
    },
    update: async (upTo) => {
      if (this.timeout === undefined) return;
      this.timeout = 1 + upTo(4);
      const input = { FunctionName: 'hello', Timeout: this.timeout };
      const context = contextOf('UpdateFunctionConfiguration');
      await this.fixture.table.UpdateFunctionConfiguration.handle(input, context);
      await this.fixture.settle();
    },
    publish: async () => {
      if (this.timeout === undefined) return;
      const input = { FunctionName: 'hello' };
      const answer = await this.fixture.table.PublishVersion.handle(input, contextOf('PublishVersion'));
      if (this.versions.get(this.highest) === this.timeout) assert.equal(answer.Version, String(this.highest));
      else this.#published(answer.Version, this.timeout);
    },
    forget: async (upTo) => {
      const number = [...this.versions.keys()][upTo(this.versions.size)];
      if (number === undefined) return;
      this.versions.delete(number);
      const input = { FunctionName: 'hello', Qualifier: String(number) };
      await this.fixture.table.DeleteFunction.handle(input, contextOf('DeleteFunction'));
    },
    remove: async (upTo) => {
      if (this.timeout === undefined || upTo(4) > 0) return;
      this.timeout = undefined;
      this.versions.clear();
      await this.fixture.table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
    },
  };

  async check(): Promise<void> {
    if (this.timeout === undefined) return;
    const list = this.fixture.table.ListVersionsByFunction;
    const { Versions } = await list.handle({ FunctionName: 'hello' }, contextOf('ListVersionsByFunction'));
    const found = Versions?.map(({ Version, Timeout }) => [Version, Timeout]);
    const meant = [...this.versions].map(([number, timeout]) => [String(number), timeout]);
    assert.deepEqual(found, [['$LATEST', this.timeout], ...meant]);
  }

  #published(version: string | undefined, timeout: number): void {
    assert.equal(version, String(this.highest + 1));
    this.highest += 1;
    this.versions.set(this.highest, timeout);
  }
}

test('numbers only rise, nothing published changes, and what is unchanged is not published again', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const roll = dice(seed);
    const upTo = (most: number) => Math.floor(roll() * most);
    const model = new Model();
    const steps = Object.values(model.steps);
    for (let count = 0; count < 40; count++) {
      await steps[upTo(steps.length)]?.(upTo);
      await model.check();
    }
  }
});
