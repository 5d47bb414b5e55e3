"""boto3, unchanged, against SQS of a live server; its endpoint is the first argument."""

import json
import sys

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
sqs = boto3.client("sqs", **options)
queues = boto3.resource("sqs", **options)

dead = queues.create_queue(QueueName="boto-dead")
redrive = {"deadLetterTargetArn": dead.attributes["QueueArn"], "maxReceiveCount": 1}
queue = queues.create_queue(
    QueueName="boto", Attributes={"VisibilityTimeout": "0", "RedrivePolicy": json.dumps(redrive)}, tags={"a": "b"}
)
assert queues.get_queue_by_name(QueueName="boto").url == queue.url
assert sqs.list_queue_tags(QueueUrl=queue.url)["Tags"] == {"a": "b"}
queue.send_message(MessageBody="é", MessageAttributes={"b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
(message,) = queue.receive_messages(MessageAttributeNames=["All"], AttributeNames=["SentTimestamp"])
assert message.body == "é" and message.message_attributes["b"]["BinaryValue"] == b"\x00\xff", message
assert int(message.attributes["SentTimestamp"]) > 0
assert queue.receive_messages() == []
(message,) = dead.receive_messages(AttributeNames=["All"])
assert message.attributes["DeadLetterQueueSourceArn"] == queue.attributes["QueueArn"], message.attributes
message.change_visibility(VisibilityTimeout=60)
message.delete()
try:
    sqs.get_queue_url(QueueName="absent")
    raise AssertionError("absent is there")
except ClientError as error:
    assert error.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue", error
try:
    sqs.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=11)
    raise AssertionError("11 messages at once")
except ClientError as error:
    assert error.response["Error"]["Code"] == "InvalidParameterValue", error
other = boto3.client("sqs", **{**options, "aws_access_key_id": "111111111111"})
try:
    other.send_message(QueueUrl=queue.url, MessageBody="from another account")
    raise AssertionError("another account was let in")
except ClientError as error:
    assert "AccessDenied" in error.response["Error"]["Code"], error
sqs.add_permission(QueueUrl=queue.url, Label="other", AWSAccountIds=["111111111111"], Actions=["SendMessage"])
other.send_message(QueueUrl=queue.url, MessageBody="from another account")
assert queue.receive_messages()[0].body == "from another account"
pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix="boto", PaginationConfig={"PageSize": 1})
assert [url.rsplit("/", 1)[1] for page in pages for url in page.get("QueueUrls", [])] == ["boto", "boto-dead"]
queue.delete()
print("boto3 found everything as it expects it")
