"""boto3, unchanged, against a live server; its endpoint is the first argument."""

import io
import json
import sys
import time
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
options = {
    "endpoint_url": endpoint,
    "region_name": "us-east-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
    "config": Config(retries={"max_attempts": 0}),
}
functions = boto3.client("lambda", **options)
logs = boto3.client("logs", **options)


def package(source, name="app.py"):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, source)
    return held.getvalue()


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error
    raise AssertionError("%s was expected of %s" % (code, arguments))


SOURCE = "import os\ndef handler(event, context):\n    print('saw', event)\n    return {'event': event, 'name': context.function_name}\n"

created = functions.create_function(
    FunctionName="boto",
    Runtime="python3.11",
    Handler="app.handler",
    Role="arn:aws:iam::000000000000:role/r",
    Code={"ZipFile": package(SOURCE)},
    Environment={"Variables": {"KEY": "value"}},
)
assert created["State"] == "Pending", created
functions.get_waiter("function_active_v2").wait(FunctionName="boto", WaiterConfig={"Delay": 1})

answer = functions.invoke(FunctionName="boto", Payload=json.dumps({"a": "é"}))
assert answer["StatusCode"] == 200 and "FunctionError" not in answer, answer
assert json.load(answer["Payload"]) == {"event": {"a": "é"}, "name": "boto"}

functions.update_function_code(FunctionName="boto", ZipFile=package("def handler(event, context):\n    raise ValueError('no')\n"))
functions.get_waiter("function_updated_v2").wait(FunctionName="boto", WaiterConfig={"Delay": 1})
answer = functions.invoke(FunctionName="boto")
assert answer["FunctionError"] == "Unhandled"
assert json.load(answer["Payload"])["errorType"] == "ValueError"

fails("ResourceNotFoundException", functions.get_function, FunctionName="absent")
fails("ResourceConflictException", functions.create_function, FunctionName="boto", Runtime="python3.11", Handler="app.handler", Role="arn:aws:iam::000000000000:role/r", Code={"ZipFile": package(SOURCE)})
missing = fails("InvalidParameterValueException", functions.create_function, FunctionName="p", Runtime="python3.14", Handler="app.handler", Role="arn:aws:iam::000000000000:role/r", Code={"ZipFile": package(SOURCE)}) if len(sys.argv) > 2 else None
assert missing is None or "python3.14" in str(missing), missing

pages = functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
assert [f["FunctionName"] for page in pages for f in page["Functions"]] == ["boto"]
events = logs.filter_log_events(logGroupName="/aws/lambda/boto", filterPattern="saw")["events"]
assert len(events) == 1, events

published = functions.publish_version(FunctionName="boto", Description="the first")
assert (published["Version"], published["Description"]) == ("1", "the first"), published
functions.get_waiter("published_version_active").wait(FunctionName="boto", Qualifier="1", WaiterConfig={"Delay": 1})
assert functions.publish_version(FunctionName="boto")["Version"] == "1"
functions.create_alias(FunctionName="boto", Name="live", FunctionVersion="1")
functions.update_function_code(FunctionName="boto", ZipFile=package(SOURCE), Publish=True)
functions.get_waiter("published_version_active").wait(FunctionName="boto", Qualifier="2", WaiterConfig={"Delay": 1})
assert "FunctionError" in functions.invoke(FunctionName="boto", Qualifier="live")
split = {"AdditionalVersionWeights": {"2": 1.0}}
assert functions.update_alias(FunctionName="boto", Name="live", RoutingConfig=split)["RoutingConfig"] == split
answer = functions.invoke(FunctionName="boto:live")
assert (answer["ExecutedVersion"], "FunctionError" in answer) == ("2", False), answer
pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName="boto", PaginationConfig={"PageSize": 1})
assert [v["Version"] for page in pages for v in page["Versions"]] == ["$LATEST", "1", "2"]
pages = functions.get_paginator("list_functions").paginate(FunctionVersion="ALL", PaginationConfig={"PageSize": 2})
assert [f["Version"] for page in pages for f in page["Functions"]] == ["$LATEST", "1", "2"]
fails("ResourceConflictException", functions.delete_function, FunctionName="boto", Qualifier="2")
fails("ValidationException", functions.update_alias, FunctionName="boto", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.5}})
fails("ValidationException", functions.create_alias, FunctionName="boto", Name="12", FunctionVersion="1")
assert [a["Name"] for a in functions.list_aliases(FunctionName="boto", FunctionVersion="2")["Aliases"]] == ["live"]
functions.delete_alias(FunctionName="boto", Name="live")
functions.delete_function(FunctionName="boto", Qualifier="2")
fails("ResourceNotFoundException", functions.invoke, FunctionName="boto", Qualifier="2")
assert functions.invoke_async(FunctionName="boto", InvokeArgs=b"{}")["Status"] == 202

functions.delete_function(FunctionName="boto")
fails("ResourceNotFoundException", functions.invoke, FunctionName="boto", Qualifier="1")
fails("ResourceNotFoundException", functions.invoke, FunctionName="boto")
# Layers: published, used, and of use after their deletion.
for number, says in enumerate(("one", "two"), 1):
    content = {"ZipFile": package("says = %r\n" % says, "python/dep.py")}
    layer = functions.publish_layer_version(LayerName="dep", Content=content, CompatibleRuntimes=["python3.11"])
    assert layer["Version"] == number, layer
functions.create_function(
    FunctionName="layered",
    Runtime="python3.11",
    Handler="app.handler",
    Role="arn:aws:iam::000000000000:role/r",
    Code={"ZipFile": package("import dep\ndef handler(event, context):\n    return dep.says\n")},
    Layers=[layer["LayerVersionArn"]],
)
functions.get_waiter("function_active_v2").wait(FunctionName="layered", WaiterConfig={"Delay": 1})
assert json.load(functions.invoke(FunctionName="layered")["Payload"]) == "two"
listed = functions.get_paginator("list_layer_versions").paginate(LayerName="dep", PaginationConfig={"PageSize": 1})
assert [v["Version"] for page in listed for v in page["LayerVersions"]] == [2, 1]
functions.delete_layer_version(LayerName="dep", VersionNumber=2)
fails("ResourceNotFoundException", functions.get_layer_version, LayerName="dep", VersionNumber=2)
[newest] = functions.list_layers(CompatibleRuntime="python3.11")["Layers"]
assert newest["LatestMatchingVersion"]["Version"] == 1, newest
assert json.load(functions.invoke(FunctionName="layered")["Payload"]) == "two"

queues = boto3.client("sqs", **options)
queue = queues.create_queue(QueueName="mapped")["QueueUrl"]
arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
fails("InvalidParameterValueException", functions.create_event_source_mapping, FunctionName="layered", EventSourceArn=arn + "x")
mapping = functions.create_event_source_mapping(
    FunctionName="layered", EventSourceArn=arn, FilterCriteria={"Filters": [{"Pattern": '{"body":{"n":[{"numeric":[">",1]}]}}'}]}
)
assert (mapping["State"], mapping["BatchSize"]) == ("Creating", 10), mapping
fails("ResourceConflictException", functions.create_event_source_mapping, FunctionName="layered", EventSourceArn=arn)
for number in (1, 2):
    queues.send_message(QueueUrl=queue, MessageBody=json.dumps({"n": number}))
counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
deadline = time.time() + 20
while any(int(n) for n in queues.get_queue_attributes(QueueUrl=queue, AttributeNames=counts)["Attributes"].values()):
    assert time.time() < deadline, "the queue is emptied within twenty seconds"
    time.sleep(0.1)
listed = functions.get_paginator("list_event_source_mappings").paginate(FunctionName="layered")
assert [m["UUID"] for page in listed for m in page["EventSourceMappings"]] == [mapping["UUID"]]
assert functions.delete_event_source_mapping(UUID=mapping["UUID"])["State"] == "Deleting"

functions.create_function_url_config(FunctionName="layered", AuthType="NONE")
for action, way in (("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}), ("InvokeFunction", {})):
    functions.add_permission(FunctionName="layered", StatementId=action, Action="lambda:" + action, Principal="*", **way)
url = functions.get_function_url_config(FunctionName="layered")["FunctionUrl"]
below = endpoint + "/_lambent/url/" + url.split("/")[2].split(".")[0] + "/"
with urllib.request.urlopen(below) as answer:
    assert (answer.status, answer.read()) == (200, b"two")

print("boto3 found everything as it expects it")
