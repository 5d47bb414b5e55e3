import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture } from '../fixture.ts';

async function active() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  // The SDK's type is that of a client, which may send a stream; what arrives here is its bytes.
  const invoke = async (FunctionName: string, args: string) =>
    fixture.table.InvokeAsync.handle({ FunctionName, InvokeArgs: Object(Buffer.from(args)) }, contextOf('InvokeAsync'));
  return { ...fixture, invoke };
}

test('InvokeAsync answers 202 once the event is kept, under the request’s id', async () => {
  const { invoke, async, counts, invocations } = await active();
  assert.deepEqual(await invoke('hello', '{"n":1}'), { Status: 202 });
  const [event] = async.events;
  assert.deepEqual([event?.functionName, event?.payload.toString()], ['hello', '{"n":1}']);
  assert.equal(event?.id, contextOf('InvokeAsync').requestId);
  assert.deepEqual([counts.accepted, invocations.length], [1, 0]);
});

test('InvokeAsync refuses what is no JSON and functions that are not there', async () => {
  const { invoke, async } = await active();
  await assert.rejects(invoke('hello', '{'), awsError(400, 'InvalidRequestContentException', /^Could not parse/));
  await assert.rejects(invoke('gone', '{}'), awsError(404, 'ResourceNotFoundException', /^Function not found/));
  assert.equal(async.events.length, 0);
});
