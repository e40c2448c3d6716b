"""What a scenario is: a function that fills a Trace, and what the analysis has to say about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable

from .tcp import Trace

Scenario = Callable[[Trace], None]
Counts = dict[str, int | None]


@dataclass(frozen=True)
class Capture:
    folder: str  # below testdata/
    name: str
    fill: Scenario
    must: Counts
    must_not: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    odd: bool = False  # tshark is expected to warn about frames of it

    @property
    def story(self) -> str:
        return " ".join((self.fill.__doc__ or "").split())

    def octets(self) -> bytes:
        trace = Trace()
        self.fill(trace)
        return trace.pcap()

    def expectation(self) -> dict[str, object]:
        return {
            "capture": f"{self.name}.pcap" if self.folder == "scenarios" else f"{self.folder[6:]}/{self.name}.pcap",
            "must": self.must,
            "must_not": sorted(self.must_not),
            "may": sorted(self.may),
            "clean": True,
            "note": self.story,
        }


CAPTURES: list[Capture] = []
Decorator = Callable[[Scenario], Scenario]


def _register(folder: str, name: str, must: Counts, must_not: Iterable[str], may: Iterable[str],
              odd: bool) -> Decorator:
    def decorate(fill: Scenario) -> Scenario:
        CAPTURES.append(Capture(folder, name, fill, must, tuple(must_not), tuple(may), odd))
        return fill

    return decorate


def hit(rule: str, face: str = "", count: int | None = 1, must: Counts | None = None, may: Iterable[str] = (),
        must_not: Iterable[str] = (), odd: bool = False) -> Decorator:
    """A capture that raises `rule`, `count` times (None: at least once), and what is in `must`."""
    wanted: Counts = {rule: count, **(must or {})}
    return _register(f"rules/{rule}", f"hit-{face}" if face else "hit", wanted, must_not, may, odd)


def miss(rule: str, face: str = "", must: Counts | None = None, may: Iterable[str] = (),
         noted: bool = False, odd: bool = False) -> Decorator:
    """A capture that nearly raises `rule`. `noted`: the rule may appear as a note, nothing worse."""
    unwanted = () if noted else (rule,)
    return _register(f"rules/{rule}", f"miss-{face}" if face else "miss", must or {}, unwanted, may, odd)


def scenario(name: str, must: Counts | None = None, may: Iterable[str] = (), must_not: Iterable[str] = (),
             odd: bool = False) -> Decorator:
    """A situation of the field, for testdata/scenarios/."""
    return _register("scenarios", name, must or {}, must_not, may, odd)
