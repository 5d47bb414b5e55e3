"""boto3 with roles, policies, users and assumed roles, in the order in which infrastructure tools call."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, key, secret = sys.argv[1:4]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com", "AWS": "arn:aws:iam::000000000000:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def client(service, access_key=key, secret_key=secret, token=None):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
    )


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        assert found == code, f"{found} instead of {code}: {error}"
        return error
    raise AssertionError(f"{arguments} should have failed with {code}")


iam = client("iam")

# What Terraform does for a role, reading everything back after each step.
role = iam.create_role(RoleName="py", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=[{"Key": "a", "Value": "b"}])["Role"]
assert role["AssumeRolePolicyDocument"] == TRUST, role
iam.get_waiter("role_exists").wait(RoleName="py")
policy = iam.create_policy(PolicyName="py", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
iam.get_waiter("policy_exists").wait(PolicyArn=policy)
iam.attach_role_policy(RoleName="py", PolicyArn=policy)
iam.attach_role_policy(RoleName="py", PolicyArn=BASIC)
iam.put_role_policy(RoleName="py", PolicyName="own", PolicyDocument=json.dumps(ALLOW))
assert iam.get_role(RoleName="py")["Role"]["Tags"] == [{"Key": "a", "Value": "b"}]
assert iam.get_role_policy(RoleName="py", PolicyName="own")["PolicyDocument"] == ALLOW
pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName="py", PaginationConfig={"PageSize": 1})
assert sorted(each["PolicyArn"] for page in pages for each in page["AttachedPolicies"]) == sorted([policy, BASIC])
assert iam.list_role_policies(RoleName="py")["PolicyNames"] == ["own"]
version = iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(ALLOW), SetAsDefault=True)
assert version["PolicyVersion"]["VersionId"] == "v2"
assert iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"] == "v2"
fails("EntityAlreadyExists", iam.create_role, RoleName="PY", AssumeRolePolicyDocument=json.dumps(TRUST))
fails("NoSuchEntity", iam.get_role, RoleName="nobody")
fails("MalformedPolicyDocument", iam.put_role_policy, RoleName="py", PolicyName="x", PolicyDocument="{}")
assert isinstance(fails("NoSuchEntity", iam.get_user, UserName="nobody"), iam.exceptions.NoSuchEntityException)

# A user who may assume it, and does.
iam.create_user(UserName="py")
iam.get_waiter("user_exists").wait(UserName="py")
iam.put_user_policy(
    UserName="py",
    PolicyName="assume",
    PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]}]}
    ),
)
made = iam.create_access_key(UserName="py")["AccessKey"]
user = (made["AccessKeyId"], made["SecretAccessKey"])
fails("AccessDenied", client("s3", *user).list_buckets)
session = client("sts", *user).assume_role(RoleArn=role["Arn"], RoleSessionName="visit")["Credentials"]
visitor = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
who = client("sts", *visitor).get_caller_identity()
assert who["Arn"] == "arn:aws:sts::000000000000:assumed-role/py/visit", who
assert who["UserId"] == f"{role['RoleId']}:visit", who
client("s3", *visitor).list_buckets()
fails("AccessDenied", client("s3", *visitor).create_bucket, Bucket="py-made")
iam.delete_access_key(UserName="py", AccessKeyId=made["AccessKeyId"])
fails("InvalidClientTokenId", client("sts", *user).get_caller_identity)
iam.delete_user_policy(UserName="py", PolicyName="assume")
iam.delete_user(UserName="py")

# And everything away again.
fails("DeleteConflict", iam.delete_role, RoleName="py")
fails("DeleteConflict", iam.delete_policy, PolicyArn=policy)
assert iam.list_instance_profiles_for_role(RoleName="py")["InstanceProfiles"] == []
iam.delete_role_policy(RoleName="py", PolicyName="own")
for arn in (policy, BASIC):
    iam.detach_role_policy(RoleName="py", PolicyArn=arn)
iam.delete_policy_version(PolicyArn=policy, VersionId="v1")
iam.delete_policy(PolicyArn=policy)
iam.delete_role(RoleName="py")
fails("AccessDenied", client("s3", *visitor).list_buckets)

print("boto3 found everything as it expects it")
