"""The measuring program judges its figures rightly, and runs."""

import json
import socket
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask

from portal.directory.queries import Counter
from tests.bench import __main__ as program
from tests.bench import requests, senders, weight, wire
from tests.bench.rows import Row, at_least, at_most, below, closing_lines, table, to_json
from tests.bench.served import ROOMY, SECRET_KEY

SLOW = Row("slow", 2.0, "times", at_most(1.8))
FAST = Row("fast", 1.8, "times", at_most(1.8))
PLAIN = Row("plain", 12_345, "bytes")
LACKING = Row("lacking", None, "ms", at_most(1), why="There is no server.")


@pytest.mark.parametrize(
    ("goal", "figure", "met"),
    [
        (at_most(6), 6, True),
        (at_most(6), 6.004, False),
        (below(5), 5, False),
        (below(5), 4.999, True),
        (at_least(0.6), 0.6, True),
        (at_least(0.6), 0.599, False),
    ],
)
def test_a_goal_is_met_by_the_figure_as_measured_not_as_printed(
    goal: object, figure: float, met: bool
) -> None:
    assert Row("a", figure, "b", goal).met is met  # type: ignore[arg-type]


def test_a_figure_that_is_missing_meets_no_goal_and_one_without_goal_is_not_judged() -> None:
    assert LACKING.met is False
    assert PLAIN.met is None


def test_the_table_has_a_line_for_each_row_with_its_verdict() -> None:
    heading, rule, slow, fast, plain, lacking = table([SLOW, FAST, PLAIN, LACKING]).splitlines()
    assert heading.split() == ["name", "figure", "unit", "goal", "met"]
    assert set(rule) == {"-"}
    assert slow.split() == ["slow", "2", "times", "≤", "1.80", "NO"]
    assert fast.split() == ["fast", "1.80", "times", "≤", "1.80", "yes"]
    assert plain.split() == ["plain", "12,345", "bytes"]
    assert lacking.split() == ["lacking", "–", "ms", "≤", "1", "NO"]


def test_the_closing_lines_name_what_was_missed_and_what_was_not_measured() -> None:
    assert closing_lines([SLOW, FAST, PLAIN, LACKING]) == [
        "1 of 3 goals met.",
        "Missed: slow.",
        "Not measured: lacking. There is no server.",
    ]


def test_the_same_rows_are_written_as_json() -> None:
    assert json.loads(to_json([SLOW, PLAIN, LACKING])) == [
        {"name": "slow", "figure": 2.0, "unit": "times", "goal": "≤ 1.80", "met": False},
        {"name": "plain", "figure": 12_345, "unit": "bytes", "goal": None, "met": None},
        {
            "name": "lacking",
            "figure": None,
            "unit": "ms",
            "goal": "≤ 1",
            "met": False,
            "why": "There is no server.",
        },
    ]


def test_a_page_loads_its_sheet_its_script_and_its_icon_once_but_not_its_links() -> None:
    page = """<link rel="icon" href="/i.svg"><link rel="stylesheet" href="/a.css">
        <link rel="canonical" href="/here"><script src="/s.js" defer></script>
        <img src="/i.svg"><a href="/elsewhere">on</a>"""
    assert weight.loads(page) == ["/i.svg", "/a.css", "/s.js"]


@pytest.fixture
def answering() -> Iterator[tuple[int, list[bytes]]]:
    """A port on which one connection is answered with the chunks of the list."""
    chunks: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                for chunk in chunks:
                    connection.sendall(chunk)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1], chunks
        thread.join()


def test_an_answer_is_weighed_with_its_status_line_and_headers(
    answering: tuple[int, list[bytes]],
) -> None:
    port, chunks = answering
    chunks += [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 5\r\nSet-Cookie: a=1\r\n\r\nhe", b"llo"]
    with wire.Connection(port) as connection:
        answer = connection.exchange(wire.get("/"))
    assert (answer.status, answer.body, answer.cookies) == (200, b"hello", ("a=1",))
    assert answer.size == sum(map(len, chunks))


def test_an_answer_that_breaks_off_is_not_taken_for_one(
    answering: tuple[int, list[bytes]],
) -> None:
    port, chunks = answering
    chunks.append(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
    with wire.Connection(port) as connection, pytest.raises(wire.Unfinished):
        connection.exchange(wire.get("/"))


def test_every_rating_on_its_way_has_another_ticket_another_visitor_and_sixty_letters() -> None:
    sendings = list(islice(senders.ratings(["ABCDEF"]), 20))
    assert len({sending.nonce for sending in sendings}) == 20
    agents = {sending.request.split(b"User-Agent: ")[1].split(b"\r\n")[0] for sending in sendings}
    assert len(agents) == 20
    assert {len(text) for text in senders.texts()} == {senders.LETTERS}


class TestARating:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        """The key with which the program signs its tickets."""
        return {"SECRET_KEY": SECRET_KEY, **ROOMY}

    def test_takes_one_read_and_three_writes(self, app: Flask, counter: Counter) -> None:
        said = requests.statements_of_a_rating(app, counter.code)
        assert [statement.split()[0] for statement in said] == ["SELECT", *["INSERT"] * 3]


@pytest.mark.slow
def test_a_quick_run_measures_every_row_of_a_family(tmp_path: Path) -> None:
    rows = list(program.measured(["weight", "sentiment"], tmp_path, quick=True))
    assert [row.name for row in rows if row.goal] == [
        "first visit to /q/<code>",
        "first visit: requests",
        "thanks page",
        "sentiment on one core",
        "sentiment model",
    ]
    assert all(row.met for row in rows if row.unit in {"bytes", "requests", "MB"} and row.goal)
