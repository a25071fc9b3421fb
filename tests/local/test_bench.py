"""The bench itself: what its client takes for an answer, and what it counts as kept."""

import os

import pytest

from tests.benchmarks.accounting import cpu_seconds, family
from tests.benchmarks.client import BadAnswer, Reader, Writer, parse
from tests.benchmarks.report import Limit
from tests.benchmarks.weight import Page, Weights

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n"


def test_an_answer_is_whole_only_with_its_last_byte():
    assert parse(HEAD[:-2]) is None
    assert parse(HEAD + b"</html") is None
    answer = parse(HEAD + b"</html>")
    assert (answer.status, answer.body) == (200, b"</html>")


def test_an_answer_of_unknown_length_is_bad():
    with pytest.raises(BadAnswer):
        parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def test_a_redirect_is_no_page():
    redirect = parse(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(BadAnswer):
        Reader("/").take(redirect)


def test_a_writer_goes_on_with_the_version_that_came_back():
    writer = Writer("/save/", "", "token", {"gained": "経験"}, version=4)
    writer.take(parse(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"version": 5}'))
    assert writer.request().endswith(b"&version=5")
    with pytest.raises(BadAnswer, match="version 9 after 5"):
        writer.take(parse(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"version": 9}'))


def test_processor_time_of_a_family_grows_with_work():
    before = cpu_seconds(os.getpid())
    sum(range(5_000_000))
    assert cpu_seconds(os.getpid()) > before
    assert os.getpid() in family(os.getppid())


def test_a_limit_holds_at_its_bound():
    assert Limit("ratio", 0.8, at_least=0.8, aim=1.2).holds
    assert not Limit("page", 150.1, at_most=150).holds


def test_bold_text_is_known_by_the_rules_around_it():
    page = Page(
        '<div class="row" data-now><dd>太</dd></div><dd>細</dd><h2>題<i class="note">注</i></h2>'
    )
    weights = Weights([".row[data-now] dd { font-weight: 700 } .note { font-weight: 400 }"])
    assert {text: weights.is_bold(around) for text, around in page.texts} == {
        "太": True,
        "細": False,
        "題": True,
        "注": False,
    }
