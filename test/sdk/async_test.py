"""Asynchronous invocation with boto3, unchanged, against a live server; its endpoint is the first argument."""

import io
import json
import sys
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

options = {
    "endpoint_url": sys.argv[1],
    "region_name": "us-east-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
    "config": Config(retries={"max_attempts": 0}),
}
functions = boto3.client("lambda", **options)
logs = boto3.client("logs", **options)
queues = boto3.client("sqs", **options)

SOURCE = """
exports.handler = async (event) => {
  if (event.fail) throw new RangeError('as asked');
  return { got: event };
};
exports.listener = async (event) => console.log('heard', JSON.stringify(event));
// As an SDK inside of a function does it: the trace header goes along.
exports.loop = async (event) => {
  console.log('round', event.n);
  const url = `${process.env.AWS_ENDPOINT_URL}/2015-03-31/functions/loop/invocations`;
  const headers = {
    'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID,
    'x-amz-invocation-type': 'Event',
    authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0',
  };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ n: event.n + 1 }) });
  if (answer.status !== 202) throw new Error(await answer.text());
};
// The same through a queue.
exports.ring = async (event) => {
  for (const record of event.Records) {
    console.log('turn', record.body);
    const headers = {
      'x-amz-target': 'AmazonSQS.SendMessage',
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID,
      authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    };
    const body = JSON.stringify({ QueueUrl: process.env.QUEUE, MessageBody: String(Number(record.body) + 1) });
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(await answer.text());
  }
};
"""


def package():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("index.js", SOURCE)
    return held.getvalue()


def create(name, handler, **more):
    functions.create_function(
        FunctionName=name,
        Runtime="nodejs26.x",
        Handler=handler,
        Role="arn:aws:iam::000000000000:role/test",
        Code={"ZipFile": package()},
        Timeout=10,
        **more,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})


def heard(count):
    """What the listener was told, once it was told so much."""
    for _ in range(200):
        try:
            events = logs.filter_log_events(logGroupName="/aws/lambda/listener", filterPattern="heard")["events"]
        except ClientError:
            events = []
        if len(events) >= count:
            return [json.loads(event["message"].split("heard ", 1)[1]) for event in events]
        time.sleep(0.1)
    raise AssertionError("the listener heard %s of %s" % (len(events), count))


def send(payload):
    answer = functions.invoke(FunctionName="worker", InvocationType="Event", Payload=json.dumps(payload))
    assert answer["StatusCode"] == 202, answer
    return answer["ResponseMetadata"]["RequestId"]


create("worker", "index.handler")
create("listener", "index.listener")
listener = functions.get_function(FunctionName="listener")["Configuration"]["FunctionArn"]
config = functions.put_function_event_invoke_config(
    FunctionName="worker",
    MaximumRetryAttempts=0,
    DestinationConfig={"OnSuccess": {"Destination": listener}, "OnFailure": {"Destination": listener}},
)
assert config["FunctionArn"].endswith(":function:worker:$LATEST"), config
assert "MaximumEventAgeInSeconds" not in config, config
assert functions.get_function_event_invoke_config(FunctionName="worker")["LastModified"] == config["LastModified"]
listed = functions.list_function_event_invoke_configs(FunctionName="worker")["FunctionEventInvokeConfigs"]
assert [one["FunctionArn"] for one in listed] == [config["FunctionArn"]], listed

good = send({"n": 1})
(told,) = heard(1)
assert told["requestContext"] == {
    "requestId": good,
    "functionArn": config["FunctionArn"],
    "condition": "Success",
    "approximateInvokeCount": 1,
}, told
assert told["requestPayload"] == {"n": 1} and told["responsePayload"] == {"got": {"n": 1}}, told
assert told["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}, told

send({"fail": True})
told = heard(2)[1]
assert told["requestContext"]["condition"] == "RetriesExhausted", told
assert told["responseContext"]["functionError"] == "Unhandled", told
assert told["responsePayload"]["errorType"] == "RangeError", told

functions.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
send({"n": 2})
told = heard(3)[2]
assert told["requestContext"]["condition"] == "ZeroReservedConcurrency", told
assert told["requestContext"]["approximateInvokeCount"] == 0 and "responseContext" not in told, told

functions.delete_function_event_invoke_config(FunctionName="worker")
try:
    functions.get_function_event_invoke_config(FunctionName="worker")
    raise AssertionError("the configuration is still there")
except functions.exceptions.ResourceNotFoundException as error:
    assert "doesn't have an EventInvokeConfig" in str(error), error

create("loop", "index.loop")
functions.put_function_event_invoke_config(
    FunctionName="loop", DestinationConfig={"OnFailure": {"Destination": listener}}
)
functions.invoke(FunctionName="loop", InvocationType="Event", Payload=b'{"n":1}')
told = heard(4)[3]
assert told["requestContext"]["approximateInvokeCount"] == 0, told
assert told["requestPayload"] == {"n": 17}, told
rounds = logs.filter_log_events(logGroupName="/aws/lambda/loop", filterPattern="round")["events"]
assert len(rounds) == 16, rounds

queue = queues.create_queue(QueueName="failed")["QueueUrl"]
arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
functions.update_function_configuration(FunctionName="worker", DeadLetterConfig={"TargetArn": arn})
functions.get_waiter("function_updated_v2").wait(FunctionName="worker", WaiterConfig={"Delay": 1})
functions.delete_function_concurrency(FunctionName="worker")
functions.put_function_event_invoke_config(
    FunctionName="worker", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
)
failed = send({"fail": 2})
messages = []
while len(messages) < 2:
    got = queues.receive_message(QueueUrl=queue, WaitTimeSeconds=10, MessageAttributeNames=["All"])
    assert got.get("Messages"), "the queue is empty"
    messages += got["Messages"]
(letter,) = [one for one in messages if "MessageAttributes" in one]
assert json.loads(letter["Body"]) == {"fail": 2}, letter
values = {name: one["StringValue"] for name, one in letter["MessageAttributes"].items()}
assert values == {"RequestID": failed, "ErrorCode": "200", "ErrorMessage": "as asked"}, values
assert letter["MessageAttributes"]["ErrorCode"]["DataType"] == "Number", letter
(told,) = [json.loads(one["Body"]) for one in messages if "MessageAttributes" not in one]
assert told["requestContext"]["requestId"] == failed, told

ring = queues.create_queue(QueueName="ring")["QueueUrl"]
ring_arn = queues.get_queue_attributes(QueueUrl=ring, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
create("ring", "index.ring", Environment={"Variables": {"QUEUE": ring}})
functions.create_event_source_mapping(FunctionName="ring", EventSourceArn=ring_arn, BatchSize=1)
queues.send_message(QueueUrl=ring, MessageBody="1")
for _ in range(100):
    turns = logs.filter_log_events(logGroupName="/aws/lambda/ring", filterPattern="turn")["events"] if _ > 9 else []
    if len(turns) >= 16:
        break
    time.sleep(0.1)
time.sleep(1)
turns = logs.filter_log_events(logGroupName="/aws/lambda/ring", filterPattern="turn")["events"]
assert len(turns) == 16, turns
print("boto3 found everything as it expects it")
