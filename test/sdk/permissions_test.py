"""boto3 adds, reads and removes permissions; its endpoint, and whose keys it has, are the arguments."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, name, *keys = sys.argv[1:]


def client(key, secret):
    return boto3.client(
        "lambda",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}),
    )


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError("%s was expected of %s" % (code, arguments))


root, stranger = client(*keys[0:2]), client(*keys[2:4])
arn = root.get_function(FunctionName=name)["Configuration"]["FunctionArn"]

# As Terraform's aws_lambda_permission does: add, and read until the statement is there.
added = root.add_permission(
    FunctionName=name,
    StatementId="AllowBucket",
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
    SourceArn="arn:aws:s3:::photos",
    SourceAccount="111122223333",
)
assert added["ResponseMetadata"]["HTTPStatusCode"] == 201
statement = json.loads(added["Statement"])
assert statement["Condition"]["ArnLike"] == {"AWS:SourceArn": "arn:aws:s3:::photos"}, statement
policy = root.get_policy(FunctionName=name)
assert json.loads(policy["Policy"]) == {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}, policy
message = fails("ResourceConflictException", root.add_permission, FunctionName=name, StatementId="AllowBucket",
                Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
assert "(AllowBucket) provided already exists" in message, message
fails("PreconditionFailedException", root.remove_permission, FunctionName=name, StatementId="AllowBucket", RevisionId="x")
removed = root.remove_permission(FunctionName=name, StatementId="AllowBucket", RevisionId=policy["RevisionId"])
assert removed["ResponseMetadata"]["HTTPStatusCode"] == 204
fails("ResourceNotFoundException", root.get_policy, FunctionName=name)

# Another account may what the policy lets it, with the function's whole name.
message = fails("AccessDeniedException", stranger.invoke, FunctionName=arn)
assert message.endswith("because no resource-based policy allows the lambda:InvokeFunction action"), message
root.add_permission(FunctionName=name, StatementId="other", Action="lambda:InvokeFunction", Principal="111122223333")
answer = stranger.invoke(FunctionName=arn, Payload=b'{"n": 1}')
assert answer["StatusCode"] == 200 and "FunctionError" not in answer, answer
fails("AccessDeniedException", stranger.get_function, FunctionName=arn)
fails("AccessDeniedException", stranger.add_permission, FunctionName=arn, StatementId="mine", Action="lambda:*",
      Principal="111122223333")
fails("ResourceNotFoundException", stranger.invoke, FunctionName=name)
root.add_permission(FunctionName=name, StatementId="code", Action="lambda:GetFunction", Principal="111122223333")
assert stranger.get_function(FunctionName=arn)["Configuration"]["FunctionArn"] == arn
for sid in ("other", "code"):
    root.remove_permission(FunctionName=name, StatementId=sid)
fails("AccessDeniedException", stranger.invoke, FunctionName=arn)

print("found everything as it expects it")
