from __future__ import annotations

import string
from datetime import datetime, timedelta, timezone

import pytest
from aws_api.sigv4 import UNSIGNED, Credentials, encoded_query, sign
from botocore.auth import SIGNED_HEADERS_BLACKLIST
from botocore_signature import botocore_query, botocore_signature
from hypothesis import example, given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)

any_text = st.text(st.characters(exclude_categories=["Cs"]))  # half a surrogate has no bytes
words = st.text(string.ascii_letters + string.digits + "+/=", min_size=1, max_size=40)
queries = st.lists(st.tuples(any_text, any_text), max_size=6) | st.lists(st.sampled_from([("a", "1"), ("a", ""), ("a", "0"), ("B", "%")]))
# percent-encoded as it is sent: everything that a path may hold, dots and double slashes with it
paths = st.text(string.ascii_letters + string.digits + "/.-_~!$&'()*+,;=:@%", max_size=30).map(lambda path: "/" + path)
names = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=12).map(lambda name: "X-" + name) | st.sampled_from(
    ["Content-Type", "content-type", "X-Amz-Target", "User-Agent", *UNSIGNED]
)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f") | st.sampled_from("  \t,;"), max_size=30)
all_credentials = st.builds(Credentials, words, words, st.none() | words)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda time: time.replace(tzinfo=timezone.utc))


def signed(method="POST", host="ec2.eu-west-1.amazonaws.com", path="/", query=(), headers=None, body=b"", **others):
    context = {"service": "ec2", "region": "eu-west-1", "credentials": Credentials("AKID", "secret"), "now": NOW, **others}
    return sign(method, host, path, list(query), headers or {}, body, **context)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    host=st.sampled_from(["ec2.eu-west-1.amazonaws.com", "127.0.0.1:8443", "sqs.cn-north-1.amazonaws.com.cn"]),
    path=paths,
    query=queries,
    headers=st.dictionaries(names, values, max_size=5),
    body=st.binary(max_size=100),
    service=st.sampled_from(["ec2", "monitoring", "sqs"]),
    region=st.sampled_from(["eu-west-1", "us-gov-west-1"]),
    credentials=all_credentials,
    now=times,
)
@example(
    "POST",
    "h:1",
    "/a//b/./../c/",
    [("a", "2"), ("a", "1"), ("a b", "ä+/~*"), ("", "")],
    {"X-A": "  a \t b  "},
    b"\0",
    "s",
    "r",
    Credentials("A", "s", "t/+="),
    NOW,
)
@example("GET", "h:1", "//etc", [], {"x-a": "2", "X-A": "1"}, b"", "s", "r", Credentials("A", "s"), NOW)
def test_signs_as_botocore_does(method, host, path, query, headers, body, service, region, credentials, now):
    theirs = botocore_signature(
        method,
        f"https://{host}{path}?{encoded_query(query)}",
        headers.items(),
        body,
        service=service,
        region=region,
        credentials=credentials,
        now=now,
    )

    ours = signed(method, host, path, query, headers, body, service=service, region=region, credentials=credentials, now=now)

    assert ours["Authorization"] == theirs["Authorization"]
    assert ours["X-Amz-Date"] == theirs["X-Amz-Date"]
    assert ours.get("X-Amz-Security-Token") == theirs.get("X-Amz-Security-Token")


@given(queries)
def test_encodes_a_query_as_botocore_does(query):
    assert encoded_query(query) == botocore_query(query)


def test_leaves_unsigned_what_botocore_does():
    assert set(SIGNED_HEADERS_BLACKLIST) == UNSIGNED


def test_sends_the_given_headers_as_they_are():
    headers = signed(headers={"X-Spaces": " a  b ", "User-Agent": "agent"})

    assert headers["X-Spaces"] == " a  b "
    assert headers["User-Agent"] == "agent"
    assert headers["Host"] == "ec2.eu-west-1.amazonaws.com"


def test_signs_anew_what_was_signed_before():
    first = signed(headers={"X-A": "1"}, credentials=Credentials("AKID", "secret", "old"))
    again = signed(headers={**first, "x-amz-security-token": "old"}, credentials=Credentials("AKID", "secret"), now=NOW + timedelta(hours=1))

    assert again == signed(headers={"X-A": "1"}, now=NOW + timedelta(hours=1))


def test_takes_a_time_of_any_zone():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))

    assert signed(now=elsewhere) == signed(now=NOW)


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format])
def test_credentials_do_not_show_their_secret(shown):
    text = shown(Credentials("AKID", "very-secret", "very-session"))

    assert "AKID" in text
    assert "very" not in text
