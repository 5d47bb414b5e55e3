"""boto3, unchanged, against SNS (and SQS behind it) of a live server; its endpoint is the first argument."""

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
sns = boto3.client("sns", **options)
sqs = boto3.client("sqs", **options)


def queue(name, topic, **attributes):
    arn = "arn:aws:sqs:us-east-1:000000000000:" + name
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    attributes["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"], arn


def received(url, count):
    found = []
    while len(found) < count:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        messages = answer.get("Messages", [])
        assert messages, "nothing more came: %s" % found
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += messages
    return found


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError("%s was expected of %s" % (code, arguments))


topic = sns.create_topic(Name="boto")["TopicArn"]
plain_url, plain_arn = queue("boto-plain", topic)
raw_url, raw_arn = queue("boto-raw", topic)
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=plain_arn)
subscription = sns.subscribe(
    TopicArn=topic,
    Protocol="sqs",
    Endpoint=raw_arn,
    Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": [{"prefix": "x"}]})},
)["SubscriptionArn"]
kinds = lambda kind: {"kind": {"DataType": "String", "StringValue": kind}}
sns.publish(TopicArn=topic, Message="one", Subject="s", MessageAttributes=kinds("xy"))
sns.publish_batch(
    TopicArn=topic,
    PublishBatchRequestEntries=[
        {"Id": "a", "Message": "two", "MessageAttributes": kinds("y")},
        {"Id": "b", "Message": "three", "MessageAttributes": kinds("x")},
    ],
)
bodies = sorted(json.loads(message["Body"])["Message"] for message in received(plain_url, 3))
assert bodies == ["one", "three", "two"], bodies
raw = received(raw_url, 2)
assert sorted(message["Body"] for message in raw) == ["one", "three"], raw
assert raw[0]["MessageAttributes"]["kind"]["StringValue"].startswith("x"), raw
attributes = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
assert attributes["RawMessageDelivery"] == "true" and attributes["FilterPolicyScope"] == "MessageAttributes", attributes
pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
assert len([one for page in pages for one in page["Subscriptions"]]) == 2

fifo = sns.create_topic(Name="boto.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"]
fifo_url, fifo_arn = queue("boto.fifo", fifo, FifoQueue="true")
sns.subscribe(TopicArn=fifo, Protocol="sqs", Endpoint=fifo_arn, Attributes={"RawMessageDelivery": "true"})
for text in ["1", "2", "3", "1", "4"]:
    sns.publish(TopicArn=fifo, Message=text, MessageGroupId="g")
assert [message["Body"] for message in received(fifo_url, 4)] == ["1", "2", "3", "4"]

dead_url, dead_arn = queue("boto-dead", topic)
sns.subscribe(
    TopicArn=topic,
    Protocol="lambda",
    Endpoint="arn:aws:lambda:us-east-1:000000000000:function:absent",
    Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn})},
)
sns.publish(TopicArn=topic, Message="for nobody")
assert json.loads(received(dead_url, 1)[0]["Body"])["Message"] == "for nobody"

other = boto3.client("sns", **{**options, "aws_access_key_id": "111111111111"})
fails("AuthorizationError", other.publish, TopicArn=topic, Message="from another account")
sns.add_permission(TopicArn=topic, Label="l", AWSAccountId=["111111111111"], ActionName=["Publish"])
other.publish(TopicArn=topic, Message="from another account")
fails("NotFound", sns.publish, TopicArn=topic + "x", Message="m")
fails("InvalidParameter", sns.publish, TopicArn=topic, Message="")
sns.unsubscribe(SubscriptionArn=subscription)
sns.delete_topic(TopicArn=topic)
fails("NotFound", sns.get_topic_attributes, TopicArn=topic)
print("boto3 found everything as it expects it")
