"""The flows as graphs of screens, and the walks that between them take every edge.

The model knows what a browser remembers (its history) and what the server does (which draft was
confirmed), so it can say beforehand which screen an edge leads to. Only screens of a flow stand in
it; how a screen is operated is told by the tests.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

OUTSIDE, INPUT, CONFIRM, COMPLETE = "outside", "input", "confirm", "complete"
SPENT, CONFLICT = "spent", "conflict"

LONGEST = 30  # edges of one walk, give or take the way to the last one


@dataclass(frozen=True)
class Flow:
    """Screens by their headings, and what joins them."""

    name: str
    entrance: str  # the link outside that leads to it
    headings: Mapping[str, str]
    presses: Mapping[str, tuple[str, str]]  # screen: button, what follows
    links: Mapping[str, tuple[str, str]]  # screen: link, the screen it leads to
    addresses: Mapping[str, str]  # screen: the address that anybody may type
    typed_early: Mapping[str, str] = field(default_factory=dict)  # what such an address shows
    typed_late: Mapping[str, str] = field(default_factory=dict)  # and once the thing is done
    seen_again: Mapping[str, str] = field(default_factory=dict)  # by Back, once the thing is done
    runs: bool = False  # every entrance has an address of its own, every next step a draft
    shared: bool = False  # two tabs of one address do the thing once
    refuses: bool = True  # there is something to type wrongly

    @property
    def last_screen(self) -> str:
        """The screen whose button does the thing."""
        return next(at for at, (_, target) in self.presses.items() if target == COMPLETE)


@dataclass(frozen=True)
class Entry:
    """A place in the browser's history; `address` tells places of one screen apart."""

    screen: str
    address: str = ""
    run: int = 0
    draft: int = 0


@dataclass(frozen=True)
class State:
    """What the browser shows and remembers, and what was done."""

    shown: str
    history: tuple[Entry, ...]
    at: int = 0
    made: int = 0  # runs and drafts so far
    kept: frozenset[int] = frozenset()  # runs in which something was sent
    done: Entry | None = None  # where the button was pressed that did it

    @property
    def here(self) -> Entry:
        return self.history[self.at]

    def going_to(self, entry: Entry) -> "State":
        history = (*self.history[: self.at + 1], entry)
        return replace(self, shown=entry.screen, history=history, at=self.at + 1)

    def seeing(self, entry: Entry, at: int) -> "State":
        history = (*self.history[:at], entry, *self.history[at + 1 :])
        return replace(self, shown=entry.screen, history=history, at=at)

    @property
    def likeness(self) -> tuple[object, ...]:
        """States that are alike have the same edges."""
        near = self.history[max(self.at - 3, 0) : self.at + 2]
        relations = tuple((each.screen, each.address[:3], self._relation(each)) for each in near)
        return self.shown, self.at > 0, relations, self.here.run in self.kept

    def _relation(self, entry: Entry) -> tuple[bool, bool, bool]:
        done = self.done or Entry("")
        return bool(self.done), entry.run == done.run, entry.draft == done.draft


@dataclass(frozen=True)
class Move:
    """One edge taken: what is done on a screen, and what is then to be seen."""

    source: str
    action: str
    after: State

    @property
    def edge(self) -> tuple[str, str, str]:
        return self.source, self.action, self.after.shown


@dataclass(frozen=True)
class Graph:
    """A flow in one mode: without JavaScript a refusal is a new entry of the history."""

    flow: Flow
    javascript: bool

    def start(self) -> State:
        return State(OUTSIDE, (Entry(OUTSIDE, OUTSIDE),))

    def moves(self, now: State) -> Iterator[Move]:
        """Everything that can be done on a screen and whose outcome is certain."""
        ways = (*self._in_the_page(now), *self._in_the_history(now), *self._by_address(now))
        for action, after in ways:
            yield Move(now.shown, action, after)

    def _in_the_page(self, now: State) -> Iterator[tuple[str, State]]:
        flow, at = self.flow, now.shown
        if at == OUTSIDE and not now.done:
            yield "enter", self._arrived(now, INPUT)
        if at == INPUT and flow.refuses and not now.done:
            yield "mistake", self._refused(now)
        # once done, only the press that did it comes again: any other is another change
        if at in flow.presses and (not now.done or (flow.shared and now.here == now.done)):
            yield "press", self._pressed(now)
        if at in flow.links:
            target = flow.links[at][1]
            run = now.here.run if target == INPUT else 0
            yield "link", now.going_to(Entry(target, f"{target} {run}", run))
        if OUTSIDE != at == now.here.screen and self._seen_again(now, now.here) == now.here:
            yield "duplicate", now
        if flow.shared and at == flow.last_screen and not now.done:
            yield "press in a duplicate", replace(now, done=now.here)

    def _refused(self, now: State) -> State:
        now = replace(now, kept=now.kept | {now.here.run})
        return now if self.javascript else now.going_to(replace(now.here, address="again"))

    def _pressed(self, now: State) -> State:
        target = self.flow.presses[now.shown][1]
        if target == COMPLETE:
            now = replace(now, done=now.here)
            return now.going_to(Entry(COMPLETE, f"{COMPLETE} 0", now.here.run, now.here.draft))
        draft = now.made + 1
        now = replace(now, made=draft, kept=now.kept | {now.here.run})
        return now.going_to(Entry(target, f"draft {draft}", now.here.run, draft))

    def _by_address(self, now: State) -> Iterator[tuple[str, State]]:
        shows = self.flow.typed_late if now.done else self.flow.typed_early
        for screen in self.flow.addresses if now.shown not in (OUTSIDE, CONFLICT) else ():
            target = shows.get(screen, screen)
            after = self._arrived(now, target, "" if target == screen else "sent on")
            if after.here.address != now.here.address:
                yield f"address of {screen}", after

    def _arrived(self, now: State, screen: str, how: str = "") -> State:
        run = now.made + 1 if self.flow.runs and screen == INPUT else 0
        return replace(now, made=now.made + 1).going_to(Entry(screen, f"{screen} {run}{how}", run))

    def _in_the_history(self, now: State) -> Iterator[tuple[str, State]]:
        for action, at in (("back", now.at - 1), ("forward", now.at + 1), ("reload", now.at)):
            if 0 <= at < len(now.history):
                seen = self._seen_again(now, now.history[at])
                if seen:
                    yield action, replace(now, made=now.made + 1).seeing(seen, at)

    def _seen_again(self, now: State, entry: Entry) -> Entry | None:
        """What an entry shows now; None where it depends on the second."""
        if now.done is None or entry.screen not in self.flow.presses:
            return entry
        if entry.screen != CONFIRM or entry.draft == now.done.draft:
            return replace(entry, screen=self.flow.seen_again.get(entry.screen, entry.screen))
        if entry.run != now.done.run:
            return replace(entry, screen=CONFLICT)
        if entry.draft > now.done.draft:
            return None
        return Entry(INPUT, f"{INPUT} {now.made + 1}", now.made + 1)


def reach(graph: Graph, start: State) -> Iterator[tuple[Move, ...]]:
    """Ways from a state, the shortest first, one for each edge and each kind of state."""
    ways: deque[tuple[State, tuple[Move, ...]]] = deque([(start, ())])
    known = {start.likeness}
    while ways:
        now, way = ways.popleft()
        for move in graph.moves(now):
            yield (*way, move)
            if move.after.likeness not in known:
                known.add(move.after.likeness)
                ways.append((move.after, (*way, move)))


def walks(graph: Graph) -> list[tuple[Move, ...]]:
    """Walks from the entrance that together take every edge."""
    wanted = {way[-1].edge for way in reach(graph, graph.start())}
    found: list[tuple[Move, ...]] = []
    while wanted:
        walk: tuple[Move, ...] = ()
        now = graph.start()
        while wanted and len(walk) < LONGEST:
            way = _to_the_next(graph, now, wanted)
            if way is None:
                break
            walk, now = (*walk, *way), way[-1].after
            wanted -= {move.edge for move in way}
        assert walk, f"no way to {wanted}"
        found.append(walk)
    return found


def _to_the_next(
    graph: Graph, now: State, wanted: set[tuple[str, str, str]]
) -> tuple[Move, ...] | None:
    """The shortest way to an edge not taken yet; what is undone comes first."""
    for_want_of_it: tuple[Move, ...] | None = None
    for way in reach(graph, now):
        if way[-1].edge in wanted:
            if bool(way[-1].after.done) == bool(now.done):
                return way
            for_want_of_it = for_want_of_it or way
    return for_want_of_it
