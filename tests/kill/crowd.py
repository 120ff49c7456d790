"""People who rate without a pause, and the ledger of what they were thanked for."""

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from portal.kit.codes import RECEIPT
from tests.bench import senders
from tests.bench.senders import Sending
from tests.bench.weight import text_of
from tests.bench.wire import Answer, Connection

PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
_RECEIPT = re.compile(r"<output>(R-[0-9A-Z]{4}-[0-9A-Z]{4})</output>")


class Crowd:
    """Eight people at counters whose codes are `codes`; used by one test.

    `thanked` holds, by nonce, the receipt on every thanks page that arrived whole. `unfinished`
    holds what was sent without one: it may be stored or not, and its sender cannot know.
    """

    def __init__(self, codes: list[str], people: int = 8) -> None:
        """Prepare them; they start in `rating`."""
        self.thanked: dict[str, str] = {}
        self.unfinished: list[Sending] = []
        self._people = people
        self._sendings = senders.ratings(codes)
        self._drawing = threading.Lock()

    @contextmanager
    def rating(self, port: int) -> Iterator[None]:
        """Let all of them rate while the block runs; who loses the connection takes a new one."""
        end = threading.Event()
        threads = [
            threading.Thread(target=self._rate, args=(port, end)) for _ in range(self._people)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join()

    def wait_for(self, number: int) -> None:
        """Wait until so many more have been thanked."""
        goal, end = len(self.thanked) + number, time.monotonic() + PATIENCE_SECONDS
        while len(self.thanked) < goal:
            assert time.monotonic() < end, f"fewer than {number} ratings were thanked for in time"
            time.sleep(0.01)

    def _rate(self, port: int, end: threading.Event) -> None:
        while not end.is_set():
            with contextlib.suppress(OSError), Connection(port) as connection:
                while not end.is_set():
                    self._send(connection, self._drawn())
            end.wait(_PAUSE_SECONDS)

    def _drawn(self) -> Sending:
        with self._drawing:
            return next(self._sendings)

    def _send(self, connection: Connection, sending: Sending) -> None:
        """Send one, and write into the ledger what came of it; raises `OSError` for no answer."""
        answer: Answer | None = None
        try:
            answer = connection.exchange(sending.request)
        finally:
            if answer is None or answer.status != 200:
                self.unfinished.append(sending)
            else:
                self.thanked[sending.nonce] = receipt_on(answer)

    def send_again(self, port: int) -> int:
        """Send all that is unfinished with the ticket it had, until thanked; returns how many."""
        waiting, self.unfinished = self.unfinished, []
        number, end = len(waiting), time.monotonic() + PATIENCE_SECONDS
        while waiting:
            assert time.monotonic() < end, f"{len(waiting)} ratings could not be sent again"
            with contextlib.suppress(OSError), Connection(port) as connection:
                for sending in waiting:
                    self._send(connection, sending)
            waiting, self.unfinished = self.unfinished, []
            if waiting:
                time.sleep(_PAUSE_SECONDS)
        return number


def receipt_on(answer: Answer) -> str:
    """The receipt code, in stored form, that a thanks page shows."""
    found = _RECEIPT.search(text_of(answer))
    assert found, "no receipt on the page"
    code, fault = RECEIPT.read(found[1])
    assert fault is None
    return code
