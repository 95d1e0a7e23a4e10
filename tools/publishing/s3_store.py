"""A bucket, below a prefix, through boto3: objects by the paths that they have in the site."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from tools.publishing.s3_faults import NO_STORE, Place, code_of, told_plainly
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tools.progress import Advance
    from tools.publishing.s3_plan import Headers, Wanted
    from tools.publishing.settings import S3

_Item = TypeVar("_Item")
_AT_ONCE = 8
_FINGERPRINT = "lectern"
_MISSING = {"404", "NoSuchKey"}
_CHANGED = {*_MISSING, "412", "PreconditionFailed", "409", "ConditionalRequestConflict"}
# How stores say that they do not know a header.
_UNKNOWN = {"NotImplemented", "501", "InvalidArgument", "InvalidRequest", "InvalidRedirectLocation"}


class Listed(NamedTuple):
    """An object as it is listed. `etag` is mostly the MD5 of its bytes, and always another one for other bytes."""

    etag: str
    size: int


class ChangedError(Exception):
    """Another version of the object is there than the one that was to be replaced."""


class Store:
    """An open bucket; every method raises `TargetError`."""

    def __init__(self, settings: S3, where: str) -> None:
        """Open it as a context. Keys come from where boto3 looks for them."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        self._bucket, self._prefix = settings.bucket, prefix(settings)
        self.where = where
        self._place = Place(where, settings.bucket, settings.endpoint or "Amazon S3")
        config = Config(
            # Newer checksums, switched on for all by boto3 1.36, are refused by stores that are not Amazon's, as
            # github.com/boto/boto3/issues/4392 says. Every upload has its Content-MD5, and is compared afterwards.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"mode": "standard", "total_max_attempts": 3},
            connect_timeout=10,
            read_timeout=60,
            max_pool_connections=_AT_ONCE,
        )
        with told_plainly(self._place):
            try:
                self._s3: Any = boto3.session.Session().client(
                    "s3",
                    endpoint_url=settings.endpoint or None,
                    region_name=settings.region or None,
                    config=config,
                )
            except ValueError as error:
                if isinstance(error, BotoCoreError):
                    raise
                words = f"`{settings.endpoint}` is not an endpoint; write a whole address like https://s3.example.org."
                raise TargetError(words) from None

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self._s3.close()

    def listed(self) -> dict[str, Listed]:
        """Give every object below the prefix."""
        found = {}
        with told_plainly(self._place):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            for each in (each for page in pages for each in page.get("Contents", ())):
                found[each["Key"].removeprefix(self._prefix)] = Listed(each["ETag"].strip('"'), each["Size"])
        return found

    def send(self, file: Wanted, data: bytes) -> None:
        """Put a file there, with its headers and its fingerprint."""
        optional = {"WebsiteRedirectLocation": file.headers.redirect} if file.headers.redirect else {}
        with told_plainly(self._place):
            self._put(file.path, data, file.headers, {_FINGERPRINT: file.fingerprint}, optional)

    def fingerprint(self, path: str) -> str:
        """Give the fingerprint that the object was sent with; empty where it has none."""
        with told_plainly(self._place):
            return str(self._s3.head_object(**self._at(path)).get("Metadata", {}).get(_FINGERPRINT, ""))

    def digest(self, path: str) -> str:
        """Give the SHA-256 of the object's bytes, having read them all."""
        found = hashlib.sha256()
        with told_plainly(self._place):
            body = self._s3.get_object(**self._at(path))["Body"]
            for chunk in body.iter_chunks(1 << 20):
                found.update(chunk)
        return found.hexdigest()

    def remove(self, path: str) -> None:
        """Delete the object, by a request of its own: not every store can delete many at once."""
        with told_plainly(self._place):
            self._s3.delete_object(**self._at(path))

    def read(self, path: str) -> tuple[bytes, str]:
        """Give an object's bytes and its version, both empty where there is none."""
        from botocore.exceptions import ClientError

        with told_plainly(self._place):
            try:
                found = self._s3.get_object(**self._at(path))
            except ClientError as error:
                if code_of(error) in _MISSING:
                    return b"", ""
                raise
            if "ETag" not in found:  # some page says hello
                raise TargetError(NO_STORE.format(**self._place._asdict()))
            return found["Body"].read(), str(found["ETag"])

    def replace(self, path: str, data: bytes, headers: Headers, version: str) -> str:
        """Put an object in the place of that `version`, and give the new one. Raises `ChangedError`.

        Not every store compares by itself, so that it is done here first.
        """
        from botocore.exceptions import ClientError

        condition = {"IfMatch": version} if version else {"IfNoneMatch": "*"}
        with told_plainly(self._place):
            if self.version(path) != version:
                raise ChangedError
            try:
                return str(self._put(path, data, headers, {}, condition)["ETag"])
            except ClientError as error:
                if code_of(error) in _CHANGED:
                    raise ChangedError from error
                raise

    def version(self, path: str) -> str:
        """Give an object's version, empty where there is none."""
        from botocore.exceptions import ClientError

        with told_plainly(self._place):
            try:
                return str(self._s3.head_object(**self._at(path))["ETag"])
            except ClientError as error:
                if code_of(error) in _MISSING:
                    return ""
                raise

    def _put(
        self, path: str, data: bytes, headers: Headers, metadata: Mapping[str, str], optional: Mapping[str, str]
    ) -> Any:
        """Send a request with what is `optional`, and without it to a store that does not know it."""
        from botocore.exceptions import ClientError

        request = self._at(path) | {
            "Body": data,  # not the file: boto3 would ask first whether to send it, and not every store answers
            "ContentMD5": base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
            "ContentType": headers.content_type,
            "CacheControl": headers.cache_control,
            **({"ContentEncoding": headers.content_encoding} if headers.content_encoding else {}),
            "Metadata": metadata,
        }
        try:
            return self._s3.put_object(**request, **optional)
        except ClientError as error:
            if not optional or code_of(error) not in _UNKNOWN:
                raise
        return self._s3.put_object(**request)

    def _at(self, path: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + path}


def prefix(settings: S3) -> str:
    """Give what every key begins with: empty, or ending in a slash."""
    name = settings.prefix.strip("/")
    return f"{name}/" if name else ""


def each(work: Callable[[_Item], object], items: Iterable[_Item], advance: Advance = lambda _: None) -> None:
    """Do the work for each item, several at once. The first that fails keeps those that wait from beginning."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            for done in as_completed(begun):
                done.result()
                advance(1)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def which(asked: Callable[[_Item], bool], items: Iterable[_Item]) -> list[_Item]:
    """Give the items for which the answer is yes, asking for several at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        items = list(items)
        return [item for item, said in zip(items, pool.map(asked, items), strict=True) if said]
