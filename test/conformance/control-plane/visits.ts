/** For tests that visit every operation: calls the SDK by the operation's name and remembers what was answered and what refused. */
import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-lambda';
import type { LambdaTypes } from '../../../src/aws/models/lambda.types.ts';

export type Operation = keyof LambdaTypes;
type Input<Name extends Operation> = LambdaTypes[Name]['input'];
type Output<Name extends Operation> = LambdaTypes[Name]['output'];

export class Visits {
  readonly answered = new Set<Operation>();
  readonly refused = new Set<Operation>();
  readonly client: sdk.LambdaClient;

  constructor(client: sdk.LambdaClient) {
    this.client = client;
  }

  /** The operation answers. */
  async good<Name extends Operation>(operation: Name, input: Input<Name>): Promise<Output<Name>> {
    this.answered.add(operation);
    return send(this.client, operation, input);
  }

  /** The operation refuses, by this name and in these words. */
  async bad<Name extends Operation>(operation: Name, input: Input<Name>, name: string, words: RegExp): Promise<void> {
    this.refused.add(operation);
    const error = await send(this.client, operation, input).then(
      () => assert.fail(`${operation} was answered; expected ${name}`),
      (refusal: unknown) => refusal,
    );
    assert.ok(error instanceof Error);
    assert.equal(error.name, name, `${operation}: ${error.message}`);
    assert.match(error.message, words, operation);
  }
}

/** Any operation by its name; the SDK has a class for each. */
export async function send<Name extends Operation>(
  client: sdk.LambdaClient,
  operation: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const commands: Readonly<Record<string, unknown>> = sdk;
  const command = commands[`${operation}Command`];
  assert.ok(typeof command === 'function', `the SDK has no ${operation}`);
  return client.send(Reflect.construct(command, [input]));
}
