from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import re
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from botocore.loaders import create_loader
from buckets import Asked, Bucket, Buckets, page, publish_and_die, release, site, walked

from tools.output import MANIFEST
from tools.progress import Progress
from tools.publishing import s3_plan
from tools.publishing.release import Changes, Release
from tools.publishing.s3 import S3Target
from tools.publishing.s3_plan import headers, removing, sending
from tools.publishing.s3_state import State, decoded, encoded, key_of
from tools.publishing.settings import S3
from tools.publishing.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

QUIET = Progress(quiet=True)
LOADER = create_loader()
NUMBERS = itertools.count()
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def buckets() -> Iterator[Buckets]:
    server = Buckets()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _surroundings(buckets: Buckets, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Give keys, and none of this computer's own; and let boto3 read its description of S3 only once."""
    monkeypatch.setattr("botocore.session.create_loader", lambda _: LOADER)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    yield
    buckets.fault = lambda _: None
    buckets.garbled, buckets.opaque = "", False
    buckets.asked.clear()


@pytest.fixture
def bucket(buckets: Buckets) -> Iterator[Bucket]:
    made = buckets.make(f"bucket{next(NUMBERS)}")
    yield made
    made.s3.close()


@pytest.fixture
def blog(tmp_path: Path) -> Release:
    return release(tmp_path, "blog", site({"doors": "On doors.", "lamps": "On lamps."}, "p {}"))


@pytest.fixture
def later(tmp_path: Path) -> Release:
    """Give the blog without its letter on lamps, with a new one, another style and another text."""
    return release(tmp_path, "later", site({"doors": "On open doors.", "clocks": "On clocks."}, "p { color: red }"))


def refused(bucket: Bucket, found: Release, prefix: str = "") -> str:
    with pytest.raises(TargetError) as error:
        bucket.deliver(found, prefix)
    assert error.value.exitcode == 1
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)
    return str(error.value)


def check_holds(bucket: Bucket, found: Release, prefix: str = "") -> None:
    """See that a browser gets every file of a release, byte for byte."""
    for path in found.files:
        assert bucket.get(prefix + path).body == (found.folder / path).read_bytes(), path


class TestOrder:
    def test_everything_new_comes_before_the_pages_that_are_there(self) -> None:
        new = [
            "new/index.html",
            "new/feed.xml",
            "assets/new.js",
            "old/index.html",
            "2027/index.html",
            "2027/a/index.html",
        ]
        changed = ["index.html", "a/index.html", "a.png", "feed.xml", "2026/index.html", "2026/b/index.html"]
        assert sending(new, changed, {"old/index.html"}) == [
            ["assets/new.js", "new/feed.xml"],
            ["a.png"],
            ["2027/a/index.html", "new/index.html"],
            ["2027/index.html"],
            ["old/index.html"],
            ["2026/b/index.html", "a/index.html"],
            ["2026/index.html"],
            ["index.html"],
            ["feed.xml"],
        ]

    def test_doors_are_last_where_everything_is_new(self) -> None:
        assert sending(["404.html", "a/index.html", "index.html"], [], ())[-1] == ["404.html", "index.html"]

    def test_the_search_is_told_of_pages_once_they_are_there(self) -> None:
        steps = sending(["pagefind/fragment/a.pf_fragment", "a/index.html"], ["pagefind/pagefind-entry.json"], ())
        assert steps == [["pagefind/fragment/a.pf_fragment"], ["a/index.html"], ["pagefind/pagefind-entry.json"]]

    def test_pages_go_before_what_they_refer_to(self) -> None:
        gone = ["a.png", "a/index.html", "feed.xml", "2026/index.html", "2026/b/index.html"]
        assert removing(gone) == [
            ["feed.xml"],
            ["2026/index.html"],
            ["2026/b/index.html", "a/index.html"],
            ["a.png"],
        ]


@pytest.mark.parametrize(
    ("path", "content_type", "cache_control"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("assets/lectern.2af842fa1d.js", "text/javascript; charset=utf-8", FOREVER),
        ("assets/pictures/stage.d6933c5ae9.avif", "image/avif", FOREVER),
        ("feed.xml", "application/rss+xml; charset=utf-8", "no-cache"),
        ("tag/a/atom.xml", "application/atom+xml; charset=utf-8", "no-cache"),
        ("feed.json", "application/feed+json; charset=utf-8", "no-cache"),
        ("sitemap.xml", "application/xml; charset=utf-8", "no-cache"),
        ("events.ics", "text/calendar; charset=utf-8", "no-cache"),
        ("talk.m4a", "audio/mp4", "no-cache"),
        ("site.webmanifest", "application/manifest+json; charset=utf-8", "no-cache"),
        ("pagefind/wasm.en.pagefind", "application/octet-stream", "no-cache"),
    ],
)
def test_headers(path: str, content_type: str, cache_control: str) -> None:
    assert headers(path) == (content_type, cache_control, "", "")


def test_only_a_compressed_drawing_is_sent_as_such() -> None:
    assert [headers(path).content_encoding for path in ("a.svgz", "a.svg", "a.gz")] == ["gzip", "", ""]


def test_an_address_that_a_page_leads_to_fits_into_a_header() -> None:
    assert headers("a/index.html", "https://ada.example/t%C3%BCr/ü?a=b#c").redirect == (
        "https://ada.example/t%C3%BCr/%C3%BC?a=b#c"
    )


class TestState:
    def test_what_a_killed_attempt_needs_is_not_gone_any_more(self) -> None:
        first = State().after_beginning(["a", "b"]).after_ending({"a": "1", "b": "2"}, ["a", "b"])
        second = first.after_beginning(["a"]).after_ending({"a": "1"}, ["a", "b"])
        assert (second.knows("b"), second.has_online("b")) == (True, False)
        killed = second.after_beginning(["a", "b"])
        assert killed.has_online("b")
        third = killed.after_beginning(["a"]).after_ending({"a": "1"}, ["a", "b"])
        assert third.knows("b"), "pages of the killed attempt may be open"
        assert not third.after_beginning(["a"]).after_ending({"a": "1"}, ["a"]).knows("b")
        assert not killed.after_beginning(["a"]).after_ending({"a": "1"}, ["a"]).knows("b"), "it was never sent"

    def test_equal_ones_are_equal_files_without_any_path(self) -> None:
        state = State().after_beginning(["drafts/secret/", "b", "c"])
        assert encoded(state) == encoded(State().after_beginning(["c", "b", "drafts/secret/"]))
        assert b"secret" not in encoded(state)
        assert decoded(encoded(state)) == state


class TestDelivery:
    def test_a_browser_gets_every_byte_with_its_type(self, bucket: Bucket, example_site: Path, tmp_path: Path) -> None:
        paths = [path for path in example_site.rglob("*") if path.is_file() and "cards" not in path.parts]
        files = {path.relative_to(example_site).as_posix(): path.read_bytes() for path in paths}
        # A folder's own list is not for a bucket, which has one.
        found = release(tmp_path, "released", files | {MANIFEST: b"of the folder"})
        bucket.deliver(found)
        for path, data in files.items():
            answer = bucket.get(path)
            kind, cache, *_ = headers(path)
            told = (answer.headers["Content-Type"], answer.headers["Cache-Control"])
            assert (answer.status, answer.body, *told) == (200, data, kind, cache), path
        assert bucket.keys() == files.keys() | {MANIFEST}
        assert bucket.target().compare(found) == Changes((), (), ())

    def test_is_in_order(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.deliver(blog)
        bucket.server.asked.clear()
        bucket.deliver(later)
        sent = bucket.server.named("PUT")
        assert sent[0] == sent[-1] == MANIFEST
        ranks = [
            sorted(step)
            for step in sending(later.files.keys() - blog.files.keys(), set(sent[1:-1]) & blog.files.keys(), ())
        ]
        assert len(ranks) == 6
        for step in ranks:
            assert sorted(sent[1 : len(step) + 1]) == step
            del sent[1 : len(step) + 1]

    def test_sends_only_what_changed(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.deliver(blog)
        bucket.server.asked.clear()
        bucket.deliver(blog)
        assert {each.method for each in bucket.server.asked} == {"GET"}
        bucket.server.asked.clear()
        changes = bucket.target().compare(later)
        assert [each.path for each in bucket.server.asked] == [MANIFEST, ""]
        bucket.server.asked.clear()
        bucket.deliver(later)
        assert set(bucket.server.named("PUT")) == {*changes.added, *changes.changed, MANIFEST}
        assert "robots.txt" not in changes.changed
        check_holds(bucket, later)

    def test_every_upload_has_a_checksum_that_all_stores_know(self, bucket: Bucket, blog: Release) -> None:
        bucket.deliver(blog)
        for asked in bucket.server.asked:
            assert not [name for name in asked.headers if name.startswith(("x-amz-checksum", "x-amz-sdk"))]
            assert (asked.method == "PUT") == ("content-md5" in asked.headers)

    def test_sends_what_has_other_headers(self, bucket: Bucket, blog: Release, monkeypatch: pytest.MonkeyPatch) -> None:
        bucket.deliver(blog)
        monkeypatch.setattr(s3_plan, "_FEEDS", {"feed.xml": "text/xml"})
        bucket.server.asked.clear()
        bucket.deliver(blog)
        assert set(bucket.server.named("PUT")) == {
            "feed.xml",
            "tag/doors/feed.xml",
            "tag/lamps/feed.xml",
            MANIFEST,
        }
        assert bucket.get("feed.xml").headers["Content-Type"] == "text/xml"

    def test_says_what_differs(self, bucket: Bucket, blog: Release, later: Release) -> None:
        assert bucket.target().compare(blog) == Changes(tuple(sorted(blog.files)), (), ())
        assert bucket.keys() == set()
        bucket.deliver(blog)
        changes = bucket.target().compare(later)
        assert set(changes.added) == later.files.keys() - blog.files.keys()
        assert set(changes.removed) == blog.files.keys() - later.files.keys()
        assert {"index.html", "doors/index.html", "feed.xml"} <= set(changes.changed)
        bucket.deliver(later)
        assert bucket.target().compare(later) == Changes((), (), ())
        assert set(bucket.target().compare(blog).added) == set(changes.removed), "what is gone is no longer online"

    def test_removes_only_at_the_next_publish(self, bucket: Bucket, blog: Release, later: Release) -> None:
        assert S3Target.removes_later
        bucket.deliver(blog)
        pages = bucket.reached()
        bucket.deliver(later)
        assert bucket.dead_links(pages) == []
        assert bucket.keys() == blog.files.keys() | later.files.keys() | {MANIFEST}
        bucket.server.asked.clear()
        bucket.deliver(later)
        assert set(bucket.server.named("DELETE")) == blog.files.keys() - later.files.keys()
        assert bucket.keys() == later.files.keys() | {MANIFEST}

    def test_what_comes_back_stays(self, bucket: Bucket, blog: Release, later: Release) -> None:
        for found in (blog, later, blog):
            bucket.server.asked.clear()
            bucket.deliver(found)
        assert bucket.server.named("DELETE") == []
        check_holds(bucket, blog)

    def test_rolls_back(self, bucket: Bucket, blog: Release, later: Release) -> None:
        for found in (blog, later):
            bucket.deliver(found)
        assert bucket.target(earlier=blog).roll_back(QUIET) == "blog"
        check_holds(bucket, blog)
        with pytest.raises(TargetError, match=rf"^This computer keeps no release of s3://{bucket.name} from before"):
            bucket.target().roll_back(QUIET)

    def test_lives_below_a_prefix(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.put("blogs/index.html", b"of others")
        bucket.put("index.html", b"of others")
        for found in (blog, later, later):
            bucket.deliver(found, "/blog/")
        assert bucket.target("/blog/").where == f"s3://{bucket.name}/blog"
        others = {"blogs/index.html", "index.html"}
        assert bucket.keys() == {f"blog/{path}" for path in (*later.files, MANIFEST)} | others
        check_holds(bucket, later, "blog/")

    def test_takes_any_name(self, bucket: Bucket, tmp_path: Path) -> None:
        odd = "Grüße + 50%25 & “x” #1's~ 日本😀.html"
        found = release(tmp_path, "odd", {odd: page(), "index.html": page(odd), f"ä/{odd}": b"", "a+b/c d.txt": "a"})
        bucket.deliver(found)
        check_holds(bucket, found)
        assert bucket.dead_links(bucket.reached()) == []
        assert bucket.target().compare(found) == Changes((), (), ())

    def test_a_page_that_leads_on_says_so_twice(self, bucket: Bucket, tmp_path: Path) -> None:
        files = {"old/index.html": page("new/"), "new/index.html": page(), "index.html": page("new/")}
        address = "https://ada.example/new/"
        found = release(tmp_path, "moved", files, {"old/index.html": address})
        bucket.deliver(found)
        head = bucket.s3.head_object(Bucket=bucket.name, Key="old/index.html")
        assert head["WebsiteRedirectLocation"] == address
        check_holds(bucket, found)

    def test_a_store_without_redirects_and_conditions_does_as_well(
        self, bucket: Bucket, tmp_path: Path, later: Release
    ) -> None:
        unknown = {"x-amz-website-redirect-location", "if-match", "if-none-match"}
        bucket.server.fault = lambda asked: (501, "NotImplemented") if unknown & asked.headers.keys() else None
        found = release(tmp_path, "moved", {"old/index.html": page()}, {"old/index.html": "https://ada.example/"})
        for each in (found, later):
            bucket.deliver(each)
            check_holds(bucket, each)

    def test_versions_need_not_tell_of_bytes(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.server.opaque = True
        for found in (blog, later):
            bucket.deliver(found)
            check_holds(bucket, found)
            bucket.server.asked.clear()
            assert bucket.target().compare(found) == Changes((), (), ())
            assert len(bucket.server.asked) == 2, "what is known to be the same is not read"

    def test_finds_its_files_among_thousands(self, bucket: Bucket, blog: Release) -> None:
        from moto.s3.models import s3_backends

        store = s3_backends["123456789012"]["aws"]
        for number in range(1001):
            store.put_object(bucket.name, f"0/{number}", b"")
        for _ in range(2):
            bucket.server.asked.clear()
            bucket.deliver(blog)
        assert {each.method for each in bucket.server.asked} == {"GET"}
        assert len(bucket.keys()) == 1001 + len(blog.files) + 1

    def test_tells_how_far_it_is(
        self, bucket: Bucket, blog: Release, later: Release, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for found in (blog, later, later):
            bucket.target().deliver(found, Progress())
        gone = len(blog.files.keys() - later.files.keys())
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith(f"Sending files ({len(blog.files)}) …\nComparing what arrived …\nSending files (")
        assert told.err.endswith(f"Removing what earlier releases left ({gone}) …\n")


class TestOthers:
    def test_objects_in_the_way_stop_it(self, bucket: Bucket, blog: Release) -> None:
        in_the_way = ["index.html", "doors/index.html", "feed.xml", "archive/index.html"]
        for key in in_the_way:
            bucket.put(key, b"of others")
        words = (
            f"s3://{bucket.name} holds what this site did not publish where it needs `archive/index.html`, "
            "`doors/index.html`, `feed.xml` and 1 more; move that away. Nothing was written."
        )
        assert refused(bucket, blog) == words
        with pytest.raises(TargetError, match="move that away"):
            bucket.target().compare(blog)
        assert bucket.keys() == set(in_the_way)
        assert bucket.get("index.html").body == b"of others"

    def test_equal_ones_are_taken_over(self, bucket: Bucket, blog: Release) -> None:
        for path in ("index.html", "feed.xml"):
            bucket.put(path, (blog.folder / path).read_bytes())
        upload = {"Bucket": bucket.name, "Key": "404.html"}
        upload["UploadId"] = bucket.s3.create_multipart_upload(**upload)["UploadId"]
        etag = bucket.s3.upload_part(**upload, PartNumber=1, Body=(blog.folder / "404.html").read_bytes())["ETag"]
        bucket.s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"ETag": etag, "PartNumber": 1}]})
        bucket.deliver(blog)
        check_holds(bucket, blog)
        assert bucket.get("index.html").headers["Content-Type"] == "text/html; charset=utf-8"

    def test_all_others_stay_as_they_are(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.put("assets/of-others.js", b"of others")
        for found in (blog, later, blog, later, later):
            bucket.deliver(found)
        assert bucket.get("assets/of-others.js").body == b"of others"

    def test_one_who_publishes_meanwhile_is_noticed(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.deliver(blog)

        def meanwhile(asked: Asked) -> None:
            if asked.method == "PUT" and asked.path == "index.html":
                bucket.server.fault = lambda _: None
                bucket.deliver(blog)

        bucket.server.fault = meanwhile
        pages = bucket.reached()
        assert refused(bucket, later) == (
            f"Somebody else published to s3://{bucket.name} at the same time; publish again."
        )
        assert bucket.dead_links(bucket.reached() | pages) == []
        bucket.deliver(later)
        check_holds(bucket, later)

    def test_one_who_publishes_before_the_removal_is_noticed(
        self, bucket: Bucket, blog: Release, later: Release
    ) -> None:
        for found in (blog, later):
            bucket.deliver(found)
        bucket.server.asked.clear()

        def meanwhile(asked: Asked) -> None:
            if (asked.method, asked.path) == ("GET", "") and asked.count > 1:
                bucket.server.fault = lambda _: None
                bucket.put(MANIFEST, encoded(State()))

        bucket.server.fault = meanwhile
        assert "at the same time" in refused(bucket, later)
        assert "DELETE" not in {each.method for each in bucket.server.asked}

    @pytest.mark.parametrize(
        ("moment", "knows_conditions"), [(("PUT", MANIFEST), True), (("GET", ""), False)], ids=["conditions", "none"]
    )
    def test_one_who_begins_at_the_same_moment_is_noticed(
        self, bucket: Bucket, blog: Release, moment: tuple[str, str], *, knows_conditions: bool
    ) -> None:
        def meanwhile(asked: Asked) -> tuple[int, str] | None:
            if (asked.method, asked.path) == moment:
                bucket.server.fault = lambda _: None
                bucket.put(MANIFEST, encoded(State().after_beginning(["a"])))
                bucket.server.fault = without_conditions
            return None

        def without_conditions(asked: Asked) -> tuple[int, str] | None:
            conditions = {"if-match", "if-none-match"} & asked.headers.keys()
            return (501, "NotImplemented") if conditions and not knows_conditions else None

        bucket.server.fault = meanwhile
        assert "at the same time" in refused(bucket, blog)
        assert bucket.keys() == {MANIFEST}


class TestFaults:
    @pytest.mark.parametrize(
        ("status", "code", "words"),
        [
            (403, "InvalidAccessKeyId", r"^s3://bucket\d+ does not know the access key; set AWS_ACCESS_KEY_ID and"),
            (403, "SignatureDoesNotMatch", r"^The secret key for s3://bucket\d+ is wrong; set AWS_ACCESS_KEY_ID and"),
            (403, "AccessDenied", r"^The keys do not allow reading in s3://bucket\d+; allow them to list, read,"),
            (403, "Whatever", r"^The keys do not allow reading in s3://"),
            (400, "ExpiredToken", r"^The keys for s3://bucket\d+ are no longer valid; sign in again"),
            (404, "NoSuchBucket", r"^There is no bucket `bucket\d+` at http://127\.0\.0\.1:\d+; make it, or mend"),
            (
                400,
                "AuthorizationHeaderMalformed",
                r"^The bucket `bucket\d+` lies in another region; write it as `region`",
            ),
            (403, "RequestTimeTooSkewed", r"^This computer's clock is too far from that of s3://"),
            (507, "InsufficientStorage", r"^s3://bucket\d+ is full \(InsufficientStorage\); make room there"),
            (503, "SlowDown", r"^s3://bucket\d+ cannot answer now \(SlowDown\); publish again;"),
            (400, "Odd", r"^s3://bucket\d+ refused reading: Odd, Odd it is\.$"),
        ],
    )
    def test_of_the_store_are_told(self, bucket: Bucket, blog: Release, status: int, code: str, words: str) -> None:
        bucket.server.fault = lambda _: (status, code)
        assert re.search(words, refused(bucket, blog))

    def test_a_wrong_key(self, bucket: Bucket, blog: Release, monkeypatch: pytest.MonkeyPatch) -> None:
        """Moto itself looks at the keys."""
        import boto3
        from moto.core import set_initial_no_auth_action_count

        iam = boto3.client("iam", endpoint_url=bucket.server.url, region_name="us-east-1")
        iam.create_user(UserName="ada")
        key = iam.create_access_key(UserName="ada")["AccessKey"]
        iam.close()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])

        @set_initial_no_auth_action_count(0)
        def publish(secret: str) -> str:
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
            return refused(bucket, blog)

        assert publish("wrong").startswith(f"The secret key for s3://{bucket.name} is wrong;")
        assert publish(key["SecretAccessKey"]).startswith("The keys do not allow reading in")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN")
        assert publish("wrong").startswith(f"s3://{bucket.name} does not know the access key;")
        assert bucket.keys() == set()

    def test_no_key(self, bucket: Bucket, blog: Release, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        assert refused(bucket, blog) == (
            f"There are no keys for s3://{bucket.name}; "
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`."
        )

    def test_no_bucket(self, buckets: Buckets, blog: Release) -> None:
        target = S3Target(S3(to="s3", bucket="no-such-bucket", endpoint=buckets.url), lambda: None)
        with pytest.raises(TargetError, match=r"^There is no bucket `no-such-bucket` at http://127\.0\.0\.1"):
            target.deliver(blog, QUIET)

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            pytest.param(
                {"endpoint": "http://127.0.0.1:9"},
                r"^http://127\.0\.0\.1:9 cannot be reached; look at the network and at `endpoint`, and publish again;",
                id="down",
            ),
            pytest.param({"endpoint": "s3.example.org"}, r"^`s3\.example\.org` is not an endpoint;", id="no address"),
            pytest.param(
                {"bucket": "a b"}, r"^`a b` cannot name a bucket; mend `bucket` in publish\.toml\.$", id="name"
            ),
            pytest.param({"region": "mo on"}, r"^The `region` in publish\.toml cannot be one;", id="region"),
        ],
    )
    def test_of_settings_are_told(self, blog: Release, settings: dict[str, str], words: str) -> None:
        target = S3Target(S3(**{"to": "s3", "bucket": "bucket", **settings}), lambda: None)
        with pytest.raises(TargetError, match=words):
            target.compare(blog)

    def test_an_endpoint_that_is_no_store(self, bucket: Bucket, blog: Release, monkeypatch: pytest.MonkeyPatch) -> None:
        def hello(_: object, start: Callable[..., object]) -> list[bytes]:
            start("200 OK", [("Content-Type", "text/html")])
            return [b"<p>Hello"]

        monkeypatch.setattr(bucket.server, "_moto", hello)
        assert "does not answer as an S3-compatible store does; mend `endpoint`." in refused(bucket, blog)

    def test_a_profile_that_is_missing(self, bucket: Bucket, blog: Release, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        assert refused(bucket, blog).startswith(f"The keys for s3://{bucket.name} cannot be had: ")

    @pytest.mark.parametrize("data", [b"", b"{", b'{"online": 1}', b'{"more": []}', b"\xff"])
    def test_a_state_that_cannot_be_read(self, bucket: Bucket, blog: Release, data: bytes) -> None:
        bucket.put(MANIFEST, data)
        assert refused(bucket, blog).startswith(
            f"s3://{bucket.name}/{MANIFEST} does not tell which files are the site's;"
        )
        assert bucket.keys() == {MANIFEST}

    def test_a_network_that_drops_midway(self, bucket: Bucket, blog: Release, later: Release) -> None:
        bucket.deliver(blog)
        pages = bucket.reached()
        bucket.server.asked.clear()
        bucket.server.fault = lambda asked: (0, "") if asked.method == "PUT" and asked.count > 8 else None
        assert refused(bucket, later) == (
            f"The connection to s3://{bucket.name} was lost; "
            "publish again; until then every page that is online finds what it refers to."
        )
        assert bucket.dead_links(pages | bucket.reached()) == []
        bucket.server.fault = lambda _: None
        bucket.server.asked.clear()
        bucket.deliver(later)
        assert len(bucket.server.named("PUT")) < len(later.files), "what had arrived is not sent again"
        check_holds(bucket, later)

    def test_the_first_keeps_the_rest_from_being_tried(self, bucket: Bucket, tmp_path: Path) -> None:
        found = release(tmp_path, "many", {f"{number}.png": "" for number in range(64)})
        bucket.server.fault = lambda asked: (403, "AccessDenied") if asked.path != MANIFEST and asked.path else None
        assert "do not allow writing" in refused(bucket, found)
        assert len(bucket.server.named("PUT")) < 32

    def test_a_short_interruption_is_none(self, bucket: Bucket, blog: Release) -> None:
        bucket.server.fault = lambda asked: (0, "") if asked.method == "PUT" and asked.count in {3, 4} else None
        bucket.deliver(blog)
        check_holds(bucket, blog)

    def test_what_arrives_garbled(self, bucket: Bucket, blog: Release) -> None:
        bucket.server.garbled = "archive/index.html"
        assert refused(bucket, blog) == (
            f"s3://{bucket.name} does not hold what was sent as `archive/index.html`; publish again."
        )
        bucket.server.garbled = ""
        bucket.deliver(blog)
        check_holds(bucket, blog)

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda file: file.write_text("other"), "has changed since it was built; publish again."),
            (lambda file: file.unlink(), "cannot be read (No such file or directory); publish again."),
        ],
        ids=["changed", "missing"],
    )
    def test_a_release_that_is_not_what_it_was(self, bucket: Bucket, blog: Release, spoil, words: str) -> None:  # noqa: ANN001
        spoil(blog.folder / "index.html")
        assert refused(bucket, blog) == f"{blog.folder / 'index.html'} {words}"


@pytest.fixture
def sites(tmp_path: Path) -> list[Release]:
    """Give three releases, of which each lacks a letter and the style of the one before."""
    letters = {name: f"On {name}." for name in ("clocks", "doors", "lamps")}
    return [
        release(tmp_path, f"without-{gone}", site({name: text for name, text in letters.items() if name != gone}, gone))
        for gone in letters
    ]


class TestReaders:
    def cut_everywhere(self, bucket: Bucket, sites: list[Release], first: int = 0) -> Iterator[str]:
        """Cut a delivery off after its first request, after its second, … and yield links that do not answer then."""
        before = sites[0]
        for found in (sites[2], before):
            bucket.deliver(found)
        for most, found in zip(itertools.count(first), itertools.cycle(sites[1:] + sites[:1])):
            bucket.server.asked.clear()
            bucket.server.fault = lambda _, most=most: (400, "Cut") if len(bucket.server.asked) > most else None
            try:
                bucket.deliver(found)
            except TargetError:
                bucket.server.fault = lambda _: None
                pages = {path: (before.folder / path).read_bytes() for path in before.files if path.endswith(".html")}
                yield from (f"{dead}, cut after {most}" for dead in bucket.dead_links(pages | bucket.reached()))
            else:
                assert most > 20
                check_holds(bucket, found)
                return
            bucket.deliver(found)
            before = found

    def test_never_meet_a_dead_link_wherever_it_is_cut_off(self, bucket: Bucket, sites: list[Release]) -> None:
        assert list(self.cut_everywhere(bucket, sites)) == []

    @pytest.mark.parametrize("wrong", ["order", "removal"])
    def test_would_meet_one(
        self, bucket: Bucket, sites: list[Release], monkeypatch: pytest.MonkeyPatch, wrong: str
    ) -> None:
        """Show that the test before sees what it looks for."""
        if wrong == "order":
            monkeypatch.setattr(s3_plan, "sending", lambda *paths: sending(*paths)[::-1])
        else:
            after = State.after_beginning

            def too_early(state: State, paths: Collection[str]) -> State:
                begun = after(state, paths)
                return State(begun.online, begun.begun, frozenset(begun.online) - set(map(key_of, paths)))

            monkeypatch.setattr(State, "after_beginning", too_early)
        assert next(self.cut_everywhere(bucket, sites, 6 if wrong == "order" else 16))

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a fork server and SIGKILL")
    def test_never_meet_a_dead_link_wherever_it_is_killed(self, bucket: Bucket, sites: list[Release]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["buckets", "boto3"])
        chance = random.Random(os.environ.get("LECTERN_SEED", "1"))  # noqa: S311  moments
        bucket.put("of-others.txt", b"of others")
        begun = time.monotonic()
        bucket.deliver(sites[0])
        longest = time.monotonic() - begun
        stop, dead = threading.Event(), []
        heard = threading.Event()
        bucket.server.fault = lambda _: heard.set()
        reader = threading.Thread(target=lambda: dead.extend(walked(bucket, stop)))
        reader.start()
        kills = 0
        while kills < int(os.environ.get("LECTERN_KILLS", "10")):
            process = context.Process(target=publish_and_die, args=(bucket.settings(), chance.choice(sites)))
            heard.clear()
            process.start()
            assert heard.wait(60), "it has begun to ask"
            process.join(chance.uniform(0, longest))
            process.kill()
            process.join()
            kills += process.exitcode != 0
            if chance.random() < 0.3:
                bucket.deliver(chance.choice(sites))
            process.close()
        bucket.deliver(sites[1])
        stop.set()
        reader.join()
        assert dead == []
        check_holds(bucket, sites[1])
        bucket.deliver(sites[1])
        assert bucket.keys() == sites[1].files.keys() | {MANIFEST, "of-others.txt"}
