"""What can go wrong with a bucket, each in a sentence that says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_STORE = "{endpoint} does not answer as an S3-compatible store does; mend `endpoint`."
_KEYS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`"
_AGAIN = "publish again; until then every page that is online finds what it refers to"
_REGION = "The bucket `{bucket}` lies in another region{region}; write it as `region` in publish.toml."
_BUSY = "{where} cannot answer now ({code}); " + _AGAIN + "."
_FULL = "{where} is full ({code}); make room there and " + _AGAIN + "."
_DENIED = (
    "The keys do not allow {doing} in {where}; allow them to list, read, write and delete there "
    "(s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject)."
)
_EXPIRED = "The keys for {where} are no longer valid; sign in again or make new ones."
# What stores answer, by the code of their answer (Amazon S3 API Reference, "Error responses"; MinIO's begin with X).
_ANSWERS = {
    "InvalidAccessKeyId": f"{{where}} does not know the access key; {_KEYS}.",
    "SignatureDoesNotMatch": f"The secret key for {{where}} is wrong; {_KEYS}.",
    "AccessDenied": _DENIED,
    "403": _DENIED,
    "Unauthorized": _DENIED,
    "AllAccessDisabled": _DENIED,
    "ExpiredToken": _EXPIRED,
    "InvalidToken": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "NoSuchBucket": "There is no bucket `{bucket}` at {endpoint}; make it, or mend `bucket` in publish.toml.",
    "InvalidBucketName": "`{bucket}` cannot name a bucket; mend `bucket` in publish.toml.",
    "PermanentRedirect": _REGION,
    "301": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "RequestTimeTooSkewed": "This computer's clock is too far from that of {where}; set it right.",
    "SlowDown": _BUSY,
    "ServiceUnavailable": _BUSY,
    "InternalError": _BUSY,
    "RequestTimeout": _BUSY,
    "500": _BUSY,
    "502": _BUSY,
    "503": _BUSY,
    "504": _BUSY,
    "QuotaExceeded": _FULL,
    "InsufficientStorage": _FULL,
    "XMinioStorageFull": _FULL,
    "XMinioAdminBucketQuotaExceeded": _FULL,
    "507": _FULL,
}
_REFUSED = "{where} refused {doing}: {code}, {said}."
_DOING = {
    "ListObjectsV2": "listing",
    "GetObject": "reading",
    "HeadObject": "reading",
    "PutObject": "writing",
    "DeleteObject": "deleting",
}


class Place(NamedTuple):
    """A bucket as messages name it."""

    where: str
    bucket: str
    endpoint: str


@contextmanager
def told_plainly(place: Place) -> Iterator[None]:
    """Raise `TargetError` for whatever boto3 raises."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise TargetError(_answer(error, place)) from error
    except ResponseParserError as error:
        raise TargetError(
            f"{place.endpoint} does not answer as an S3-compatible store does; mend `endpoint`."
        ) from error
    except BotoCoreError as error:
        raise TargetError(_fault(error, place)) from error


def code_of(error: Any) -> str:
    """Give the code of an answer that boto3 has raised."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _answer(error: Any, place: Place) -> str:
    code = code_of(error)
    meta = error.response.get("ResponseMetadata", {})
    words = _ANSWERS.get(code) or _ANSWERS.get(str(meta.get("HTTPStatusCode")), _REFUSED)
    region = meta.get("HTTPHeaders", {}).get("x-amz-bucket-region") or error.response.get("Error", {}).get("Region")
    return words.format(
        **place._asdict(),
        code=code,
        region=f", `{region}`" if region else "",
        doing=_DOING.get(error.operation_name, error.operation_name),
        said=" ".join(str(error.response.get("Error", {}).get("Message", "no reason given")).split()).rstrip("."),
    )


def _fault(error: Exception, place: Place) -> str:
    from botocore import exceptions as boto

    faults: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
        ((boto.NoCredentialsError, boto.PartialCredentialsError), f"There are no keys for {{where}}; {_KEYS}."),
        (
            (boto.SSLError,),
            "The certificate of {endpoint} is not valid; mend `endpoint`, or the clock.",
        ),
        (
            (boto.EndpointConnectionError, boto.ConnectTimeoutError, boto.ProxyConnectionError),
            f"{{endpoint}} cannot be reached; look at the network and at `endpoint`, and {_AGAIN}.",
        ),
        (
            (boto.HTTPClientError, boto.ConnectionError, boto.IncompleteReadError),
            f"The connection to {{where}} was lost; {_AGAIN}.",
        ),
        ((boto.ParamValidationError,), "`{bucket}` cannot name a bucket; mend `bucket` in publish.toml."),
        ((boto.InvalidRegionError,), "The `region` in publish.toml cannot be one; write one like `eu-central-1`."),
        # Profiles that are missing, sign-ins that have run out, unreadable configuration: boto3 says it well enough.
        ((Exception,), "The keys for {where} cannot be had: {said}."),
    )
    words = next(words for kinds, words in faults if isinstance(error, kinds))
    return words.format(**place._asdict(), said=" ".join(str(error).split()).rstrip("."))
