"""boto3's S3, unchanged, against a live server: endpoint, access key and secret are the arguments."""

import io
import os
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

endpoint, key_id, secret = sys.argv[1:4]
options = {
    "endpoint_url": endpoint,
    "region_name": "us-east-1",
    "aws_access_key_id": key_id,
    "aws_secret_access_key": secret,
}
s3 = boto3.client("s3", config=Config(retries={"max_attempts": 0}), **options)


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error
    raise AssertionError("%s was expected of %s" % (code, arguments))


s3.create_bucket(Bucket="boto")
big = os.urandom(11_000_000)
parts = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(big), "boto", "big", Config=parts, ExtraArgs={"Metadata": {"colour": "blue"}})
back = io.BytesIO()
s3.download_fileobj("boto", "big", back, Config=parts)
assert back.getvalue() == big
head = s3.head_object(Bucket="boto", Key="big")
assert head["ETag"].endswith('-3"') and head["Metadata"] == {"colour": "blue"}, head

s3.put_object(Bucket="boto", Key="d/ü +1", Body=b"one")
s3.copy_object(Bucket="boto", Key="d/2", CopySource={"Bucket": "boto", "Key": "d/ü +1"})
s3.copy({"Bucket": "boto", "Key": "big"}, "boto", "d/big", Config=parts)
for page_size in (1, 1000):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="boto", PaginationConfig={"PageSize": page_size})
    assert [o["Key"] for page in pages for o in page["Contents"]] == ["big", "d/2", "d/big", "d/ü +1"]
top = s3.list_objects_v2(Bucket="boto", Delimiter="/")
assert [p["Prefix"] for p in top["CommonPrefixes"]] == ["d/"], top
assert s3.get_object(Bucket="boto", Key="d/2", Range="bytes=1-")["Body"].read() == b"ne"

fails("NoSuchKey", s3.get_object, Bucket="boto", Key="absent")
fails("404", s3.head_object, Bucket="boto", Key="absent")
fails("NoSuchBucket", s3.list_objects_v2, Bucket="absent")
fails("412", s3.head_object, Bucket="boto", Key="d/2", IfMatch='"0"')
fails("304", s3.get_object, Bucket="boto", Key="d/2", IfNoneMatch=s3.head_object(Bucket="boto", Key="d/2")["ETag"])
fails("InvalidRange", s3.get_object, Bucket="boto", Key="d/2", Range="bytes=9-")
fails("BucketNotEmpty", s3.delete_bucket, Bucket="boto")

# Presigned with version 2, as boto3 does unless it is told otherwise, and with version 4.
import urllib.request

for version in (None, "s3v4"):
    signer = boto3.client("s3", config=Config(signature_version=version) if version else None, **options)
    link = signer.generate_presigned_url("get_object", Params={"Bucket": "boto", "Key": "d/ü +1"})
    assert urllib.request.urlopen(link).read() == b"one", link
    link = signer.generate_presigned_url("put_object", Params={"Bucket": "boto", "Key": "linked"})
    request = urllib.request.Request(link, data=b"by link", method="PUT", headers={"Content-Type": ""})
    assert urllib.request.urlopen(request).status == 200

bucket = boto3.resource("s3", **options).Bucket("boto")
bucket.objects.all().delete()
bucket.delete()
print("boto3 found everything as it expects it")
