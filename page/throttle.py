"""How long an attempt to sign in waits: nothing at first, longer with every wrong password, never for ever.

Attempts are delayed and not refused. Whoever guesses at a name can make its owner wait half a minute, and cannot shut them out.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

FREE, LONGEST = 5, 30.0
"""Wrong attempts at one name that cost nothing, and the longest wait in seconds; between the two it doubles from one second."""

FREE_OF_ALL, LONGEST_OF_ALL = 50, 5.0
"""The same of all names together, for guesses that go from name to name."""

FORGOTTEN = 900.0
"""Seconds after the last wrong attempt when a name is as if nothing had been."""

_NAMES = 10_000  # remembered; the one tried longest ago is forgotten first


@dataclass
class _Count:
    failures: int = 0
    waiting: int = 0
    last: float = 0.0


class Throttle:
    """Counts wrong attempts, in one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """
        :param clock: Seconds, from any beginning.
        """
        self._clock = clock
        self._all = _Count()
        self._names: OrderedDict[str, _Count] = OrderedDict()

    @contextmanager
    def attempt(self, name: str) -> Iterator[float]:
        """Count an attempt as under way, and give the seconds that it has to wait. Those under way count like wrong ones, so
        that many at once are no way around.

        :param name: In its one form; what is no name goes under the empty one.
        """
        count = self._names.setdefault(name, _Count())
        self._names.move_to_end(name)
        while len(self._names) > _NAMES:
            self._names.popitem(last=False)
        wait = max(self._wait(count, FREE, LONGEST), self._wait(self._all, FREE_OF_ALL, LONGEST_OF_ALL))
        for one in (count, self._all):
            one.waiting += 1
        try:
            yield wait
        finally:
            for one in (count, self._all):
                one.waiting -= 1

    def failed(self, name: str) -> None:
        """Note that an attempt was wrong."""
        now = self._clock()
        for one in (self._names.setdefault(name, _Count()), self._all):
            one.failures, one.last = one.failures + 1, now

    def succeeded(self, name: str) -> None:
        """Note that an attempt was right: the wrong ones before it are forgotten."""
        if name in self._names:
            self._names[name].failures = 0

    def _wait(self, count: _Count, free: int, longest: float) -> float:
        if self._clock() - count.last > FORGOTTEN:
            count.failures = 0
        over = count.failures + count.waiting - free
        return 0.0 if over < 0 else min(2.0 ** min(over, 30), longest)
