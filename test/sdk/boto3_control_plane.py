"""Every operation of Lambda that boto3 knows, with good input and with bad, as an infrastructure tool would call it.

The endpoint is the first argument. Each step is checked; at the end the operations visited are compared with boto3's own list.
"""

import io
import re
import sys
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def client(region="us-east-1", account="test", service="lambda"):
    return boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, parameter_validation=False),
    )


aws = client()
answered, refused = set(), set()


def operation_of(method):
    return aws.meta.method_to_api_mapping[method]


def good(method, **arguments):
    answered.add(operation_of(method))
    answer = getattr(aws, method)(**arguments)
    answer.pop("ResponseMetadata", None)
    return answer


def bad(code, words, method, **arguments):
    refused.add(operation_of(method))
    try:
        answer = getattr(aws, method)(**arguments)
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"{method}: {found}"
        assert re.search(words, found["Message"]), f"{method}: {found}"
        return
    raise AssertionError(f"{method} was answered, expected {code}: {answer}")


def package(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, source in files.items():
            archive.writestr(name.replace("__", "/") + ".py", source)
    return held.getvalue()


CODE = package(app="def handler(event, context):\n    return [event, context.function_version, context.invoked_function_arn]\n")
USUAL = {"FunctionName": "f", "Runtime": "python3.11", "Handler": "app.handler", "Role": ROLE, "Code": {"ZipFile": CODE}}
NOT_FOUND, INVALID, CONFLICT = "ResourceNotFoundException", "InvalidParameterValueException", "ResourceConflictException"
GONE = "^The resource you requested does not exist.$"
ABSENT = {"FunctionName": "absent"}
F = {"FunctionName": "f"}


def wait(name, **arguments):
    aws.get_waiter(name).wait(WaiterConfig={"Delay": 1, "MaxAttempts": 60}, **arguments)


def settled(read, pending, key="State"):
    for _ in range(100):
        found = read()
        if found[key] not in pending:
            return found
        time.sleep(0.05)
    raise AssertionError(f"still {found[key]}")


def functions():
    bad("ValidationException", "^1 validation error detected: Value 'x' at 'role'", "create_function", **{**USUAL, "Role": "x"})
    good("create_function", **USUAL)
    wait("function_exists", **F)
    wait("function_active_v2", **F)
    bad(CONFLICT, "^Function already exist: f$", "create_function", **USUAL)
    before = good("get_function_configuration", **F)
    assert good("get_function_configuration", **F) == before
    good("update_function_configuration", **F, MemorySize=256)
    wait("function_updated_v2", **F)
    after = good("get_function_configuration", **F)
    moving = {"RevisionId", "LastModified", "MemorySize"}
    assert {k for k in after if after[k] != before.get(k)} == moving, (before, after)
    bad(NOT_FOUND, "^Function not found: .*:function:absent$", "get_function_configuration", **ABSENT)
    bad(NOT_FOUND, ":f:nope$", "get_function", **F, Qualifier="nope")
    bad("PreconditionFailedException", "^The Revision Id provided", "update_function_configuration", **F, RevisionId=UNKNOWN)
    good("update_function_code", **F, ZipFile=CODE)
    wait("function_updated_v2", **F)
    bad(INVALID, "^Could not unzip uploaded file", "update_function_code", **F, ZipFile=b"no")
    assert "Code" in good("get_function", **F)
    assert [each["FunctionName"] for each in good("list_functions")["Functions"]] == ["f"]
    bad(INVALID, "marker", "list_functions", Marker="nonsense")
    answer = good("invoke", **F, Payload=b"1")
    assert answer["Payload"].read().decode() == f'[1, "$LATEST", "{ARN}:function:f"]'
    bad(NOT_FOUND, "absent", "invoke", **ABSENT)
    good("invoke_async", **F, InvokeArgs=b"{}")
    bad(NOT_FOUND, "absent", "invoke_async", **ABSENT, InvokeArgs=b"{}")
    good("get_account_settings")


def versions_and_aliases():
    bad(INVALID, r"^CodeSHA256 \(eA==\) is different from current CodeSHA256 in \$LATEST", "publish_version", **F, CodeSha256="eA==")
    assert good("publish_version", **F)["Version"] == "1"
    wait("published_version_active", **F, Qualifier="1")
    assert good("publish_version", **F)["Version"] == "1"
    good("update_function_configuration", **F, Description="two")
    wait("function_updated_v2", **F)
    assert good("publish_version", **F, Description="second")["Version"] == "2"
    assert [v["Version"] for v in good("list_versions_by_function", **F)["Versions"]] == ["$LATEST", "1", "2"]
    bad(NOT_FOUND, "absent", "list_versions_by_function", **ABSENT)
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    made = good("create_alias", **F, Name="live", FunctionVersion="1", RoutingConfig=weights)
    assert made == good("get_alias", **F, Name="live"), made
    seen = {good("invoke", **F, Qualifier="live", Payload=b"1")["ExecutedVersion"] for _ in range(40)}
    assert seen == {"1", "2"}, seen
    bad(CONFLICT, "^Alias already exists: .*:f:live$", "create_alias", **F, Name="live", FunctionVersion="1")
    bad(NOT_FOUND, "^Cannot find alias arn: .*:f:none$", "get_alias", **F, Name="none")
    bad(NOT_FOUND, "^Alias not found: .*:f:none$", "update_alias", **F, Name="none")
    assert "RoutingConfig" not in good("update_alias", **F, Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert [a["Name"] for a in good("list_aliases", **F)["Aliases"]] == ["live"]
    bad(NOT_FOUND, "absent", "list_aliases", **ABSENT)
    good("create_alias", **F, Name="gone", FunctionVersion="2")
    good("delete_alias", **F, Name="gone")
    good("delete_alias", **F, Name="gone")
    bad(NOT_FOUND, "absent", "delete_alias", **ABSENT, Name="gone")
    bad(CONFLICT, "live", "delete_function", **F, Qualifier="1")


def permissions():
    statement = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    good("add_permission", **F, **statement)
    bad(CONFLICT, r"^The statement id \(s\) provided already exists", "add_permission", **F, **statement)
    bad(INVALID, "^The provided principal was invalid", "add_permission", **F, **{**statement, "StatementId": "t", "Principal": "?"})
    revision = good("get_policy", **F)["RevisionId"]
    bad("PreconditionFailedException", "^The Revision Id", "remove_permission", **F, StatementId="s", RevisionId=UNKNOWN)
    good("remove_permission", **F, StatementId="s", RevisionId=revision)
    bad(NOT_FOUND, GONE, "get_policy", **F)


def concurrency():
    good("put_function_concurrency", **F, ReservedConcurrentExecutions=7)
    assert good("get_function_concurrency", **F)["ReservedConcurrentExecutions"] == 7
    bad(INVALID, r"below its minimum value of \[100\]", "put_function_concurrency", **F, ReservedConcurrentExecutions=950)
    bad(NOT_FOUND, "absent", "get_function_concurrency", **ABSENT)
    two = {**F, "Qualifier": "2"}
    good("put_provisioned_concurrency_config", **two, ProvisionedConcurrentExecutions=1)
    bad(INVALID, "unpublished function versions", "put_provisioned_concurrency_config", **F, Qualifier="$LATEST", ProvisionedConcurrentExecutions=1)
    ready = settled(lambda: good("get_provisioned_concurrency_config", **two), ("IN_PROGRESS",), "Status")
    assert (ready["Status"], ready["AvailableProvisionedConcurrentExecutions"]) == ("READY", 1), ready
    assert len(good("list_provisioned_concurrency_configs", **F)["ProvisionedConcurrencyConfigs"]) == 1
    bad(NOT_FOUND, "absent", "list_provisioned_concurrency_configs", **ABSENT)
    good("delete_provisioned_concurrency_config", **two)
    bad("ProvisionedConcurrencyConfigNotFoundException", "^No Provisioned", "get_provisioned_concurrency_config", **two)
    bad(INVALID, ".", "delete_provisioned_concurrency_config", **F, Qualifier="$LATEST")
    good("delete_function_concurrency", **F)
    bad(NOT_FOUND, "absent", "delete_function_concurrency", **ABSENT)


def event_invoke_configs():
    bad(NOT_FOUND, "doesn't have an EventInvokeConfig$", "get_function_event_invoke_config", **F)
    bad(INVALID, "^You must specify at least one of error handling", "put_function_event_invoke_config", **F)
    good("put_function_event_invoke_config", **F, MaximumRetryAttempts=1)
    assert good("update_function_event_invoke_config", **F, MaximumEventAgeInSeconds=60)["MaximumRetryAttempts"] == 1
    assert good("get_function_event_invoke_config", **F)["MaximumEventAgeInSeconds"] == 60
    assert len(good("list_function_event_invoke_configs", **F)["FunctionEventInvokeConfigs"]) == 1
    bad(NOT_FOUND, "absent", "list_function_event_invoke_configs", **ABSENT)
    good("delete_function_event_invoke_config", **F)
    bad(NOT_FOUND, "doesn't have", "delete_function_event_invoke_config", **F)
    bad(NOT_FOUND, "doesn't have", "update_function_event_invoke_config", **F, MaximumRetryAttempts=1)


def urls():
    made = good("create_function_url_config", **F, AuthType="NONE")
    bad(CONFLICT, "FunctionUrlConfig exists for this Lambda function$", "create_function_url_config", **F, AuthType="NONE")
    assert good("update_function_url_config", **F, AuthType="AWS_IAM")["FunctionUrl"] == made["FunctionUrl"]
    assert good("get_function_url_config", **F)["AuthType"] == "AWS_IAM"
    assert len(good("list_function_url_configs", **F)["FunctionUrlConfigs"]) == 1
    bad(NOT_FOUND, "absent", "list_function_url_configs", **ABSENT)
    good("delete_function_url_config", **F)
    for method in ("get_function_url_config", "delete_function_url_config"):
        bad(NOT_FOUND, GONE, method, **F)
    bad(NOT_FOUND, GONE, "update_function_url_config", **F, AuthType="NONE")


def layers():
    content = {"Content": {"ZipFile": package(python__books="NAME = 'books'")}}
    first = good("publish_layer_version", LayerName="l", **content, CompatibleRuntimes=["python3.11"])
    bad(INVALID, "^Could not unzip", "publish_layer_version", LayerName="l", Content={"ZipFile": b"no"})
    assert good("get_layer_version", LayerName="l", VersionNumber=1)["LayerVersionArn"] == first["LayerVersionArn"]
    assert good("get_layer_version_by_arn", Arn=first["LayerVersionArn"])["Version"] == 1
    bad(NOT_FOUND, GONE, "get_layer_version", LayerName="l", VersionNumber=9)
    bad(NOT_FOUND, GONE, "get_layer_version_by_arn", Arn=f"{ARN}:layer:l:9")
    assert len(good("list_layers")["Layers"]) == 1
    bad(INVALID, "marker", "list_layers", Marker="nonsense")
    assert len(good("list_layer_versions", LayerName="l")["LayerVersions"]) == 1
    bad("ValidationException", "layerName", "list_layer_versions", LayerName="a b")
    place = {"LayerName": "l", "VersionNumber": 1}
    allow = {**place, "StatementId": "s", "Action": "lambda:GetLayerVersion", "Principal": "*"}
    good("add_layer_version_permission", **allow)
    bad(CONFLICT, "already exists", "add_layer_version_permission", **allow)
    good("get_layer_version_policy", **place)
    good("remove_layer_version_permission", **place, StatementId="s")
    bad(NOT_FOUND, ".", "remove_layer_version_permission", **place, StatementId="s")
    bad(NOT_FOUND, "^No policy is associated with the given resource.$", "get_layer_version_policy", **place)
    source = "import books\ndef handler(event, context):\n    return books.NAME\n"
    good("update_function_configuration", **F, Layers=[first["LayerVersionArn"]])
    wait("function_updated_v2", **F)
    good("update_function_code", **F, ZipFile=package(app=source))
    wait("function_updated_v2", **F)
    good("delete_layer_version", **place)
    assert good("invoke", **F)["Payload"].read() == b'"books"'
    bad(INVALID, "Layer Version Cannot be less than 1", "delete_layer_version", LayerName="l", VersionNumber=0)


def code_signing():
    publishers = {"SigningProfileVersionArns": [f"arn:aws:signer:us-east-1:{ACCOUNT}:/signing-profiles/p/abcdefghij"]}
    arn = good("create_code_signing_config", AllowedPublishers=publishers)["CodeSigningConfig"]["CodeSigningConfigArn"]
    named, absent = {"CodeSigningConfigArn": arn}, {"CodeSigningConfigArn": arn[:-17] + "0" * 17}
    bad("ValidationException", "signingProfileVersionArns", "create_code_signing_config", AllowedPublishers={"SigningProfileVersionArns": []})
    good("put_function_code_signing_config", **F, **named)
    bad("CodeSigningConfigNotFoundException", ".", "put_function_code_signing_config", **F, **absent)
    assert good("get_function_code_signing_config", **F)["CodeSigningConfigArn"] == arn
    bad(NOT_FOUND, "absent", "get_function_code_signing_config", **ABSENT)
    assert good("list_functions_by_code_signing_config", **named)["FunctionArns"] == [f"{ARN}:function:f"]
    bad(NOT_FOUND, ".", "list_functions_by_code_signing_config", **absent)
    good("update_code_signing_config", **named, CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"})
    bad(NOT_FOUND, ".", "update_code_signing_config", **absent)
    bad("CodeVerificationFailedException", ".", "update_function_code", **F, ZipFile=package(app="x = 1"))
    bad(CONFLICT, ".", "delete_code_signing_config", **named)
    good("delete_function_code_signing_config", **F)
    bad(NOT_FOUND, "absent", "delete_function_code_signing_config", **ABSENT)
    assert len(good("list_code_signing_configs")["CodeSigningConfigs"]) == 1
    bad(INVALID, "marker", "list_code_signing_configs", Marker="nonsense")
    assert good("get_code_signing_config", **named)["CodeSigningConfig"]["CodeSigningConfigArn"] == arn
    good("delete_code_signing_config", **named)
    bad(NOT_FOUND, ".", "get_code_signing_config", **named)


def mappings():
    source = f"arn:aws:sqs:us-east-1:{ACCOUNT}:work"
    client(service="sqs").create_queue(QueueName="work")
    made = good("create_event_source_mapping", **F, EventSourceArn=source, Enabled=False)
    named = {"UUID": made["UUID"]}
    bad(CONFLICT, made["UUID"], "create_event_source_mapping", **F, EventSourceArn=source)
    settled(lambda: good("get_event_source_mapping", **named), ("Creating",))
    assert good("update_event_source_mapping", **named, BatchSize=3)["BatchSize"] == 3
    settled(lambda: good("get_event_source_mapping", **named), ("Updating",))
    assert len(good("list_event_source_mappings", EventSourceArn=source)["EventSourceMappings"]) == 1
    bad(INVALID, "marker", "list_event_source_mappings", Marker="nonsense")
    good("delete_event_source_mapping", **named)
    for method in ("get_event_source_mapping", "update_event_source_mapping", "delete_event_source_mapping"):
        bad(NOT_FOUND, GONE, method, UUID=UNKNOWN)


def tags():
    resource = {"Resource": f"{ARN}:function:f"}
    good("tag_resource", **resource, Tags={"a": "1", "b": "2"})
    good("untag_resource", **resource, TagKeys=["a"])
    assert good("list_tags", **resource)["Tags"] == {"b": "2"}
    bad(INVALID, "^Number of tags exceeds", "tag_resource", **resource, Tags={f"k{n}": "" for n in range(51)})
    for method, more in (("list_tags", {}), ("untag_resource", {"TagKeys": ["a"]})):
        bad(NOT_FOUND, "absent", method, Resource=f"{ARN}:function:absent", **more)


def apart():
    """Regions and accounts do not see each other's functions."""
    for other in (client("eu-west-1"), client("us-east-1", "111122223333")):
        assert other.list_functions()["Functions"] == []
        made = other.create_function(**USUAL)
        assert len(other.list_functions()["Functions"]) == 1
        assert made["FunctionArn"] != f"{ARN}:function:f"
        other.get_waiter("function_active_v2").wait(FunctionName="f", WaiterConfig={"Delay": 1})
        assert made["FunctionArn"] in other.invoke(FunctionName="f")["Payload"].read().decode()
        other.delete_function(FunctionName="f")
    assert len(aws.list_functions()["Functions"]) == 1


def deletion():
    good("delete_function", **F)
    bad(NOT_FOUND, "^Function not found", "delete_function", **F)


for step in (functions, versions_and_aliases, permissions, concurrency, event_invoke_configs, urls, tags, layers, code_signing, mappings, apart, deletion):
    step()
    print(step.__name__, "passed", flush=True)
known = set(aws.meta.service_model.operation_names)
assert not known - answered, f"never answered: {known - answered}"
assert not known - refused - {"GetAccountSettings"}, f"never refused: {known - refused}"
print(f"boto3 visited all {len(known)} operations")
