"""The bars: what carillon has to reach, as ratios in one run or as plain numbers."""

from .figures import median, short, with_spread


class Bar:
    """One row. `must` and `aim` are lists of (server or None, limit): a ratio to that server, or a plain number.
    Less is better, except where `more` is set."""

    def __init__(self, what, figure, unit, must, aim=(), more=False, stored=False):
        self.what = what
        self.figure = figure
        self.unit = unit
        self.must = must
        self.aim = aim
        self.more = more
        self.stored = stored

    def holds(self, value, limit):
        return value >= limit if self.more else value <= limit

    def wording(self, limit, other):
        sign = "≥" if self.more else "≤"
        if other is None:
            return f"{sign} {short(limit)} {self.unit}"
        text = f"1/{round(1 / limit)}" if limit < 1 else short(limit).rstrip("0").rstrip(".")
        return f"{sign} {text} × {other}"


BARS = [
    Bar("relaying, one at a time: one more message", "relay.trickle.slope", "µs",
        [("floor", 1.5), ("node", 1 / 3)], [("floor", 1.2)]),
    Bar("relaying, in bursts: one more message", "relay.burst.slope", "µs",
        [("floor", 1.5), ("node", 1 / 3)], [("floor", 1.2)]),
    Bar("whole calls, one at a time: one message", "relay.trickle.whole", "µs", [("node", 1 / 3)], [("floor", 1.4)]),
    Bar("whole calls, in bursts: one message", "relay.burst.whole", "µs", [("node", 1 / 3)], [("floor", 1.4)]),
    Bar("at 5,000 messages a second: CPU for one", "rate.cpu", "µs", [("node", 1 / 2)], [("floor", 1.1)]),
    Bar("at 5,000 messages a second: p99", "rate.p99", "µs", [("node", 1 / 2)], [("floor", 1.1)]),
    Bar("memory of an idle connection (1,000)", "idle.1000", "KiB", [(None, 8)], [(None, 2.5)]),
    Bar("memory of an idle connection (5,000)", "idle.5000", "KiB", [(None, 8)], [(None, 2.5)]),
    Bar("memory of an idle connection (15,000)", "idle.15000", "KiB", [(None, 8)], [(None, 2.5)]),
    Bar("CPU to accept and authenticate a connection", "accept.cpu", "µs", [("node", 1 / 6)], [(None, 60)]),
    Bar("calls a second, history in PostgreSQL", "history.calls", "/s", [("node", 4)], more=True, stored=True),
    Bar("PostgreSQL's own CPU for one call", "history.database", "µs", [("node", 1 / 4)], [(None, 10)], stored=True),
    Bar("an idle server (10,000 connections)", "watch.percent", "% of a core", [(None, 1)]),
]


def judge(bar, figures, subject):
    """The row of a bar for one build of carillon: texts, or None when the figure was not measured."""
    suffix = " postgres" if bar.stored else ""
    name = subject + suffix
    mine = figures.of(bar.figure, name)
    if not mine:
        return None

    def check(limits):
        words, verdicts = [], []
        for other, limit in limits:
            if other is None:
                values, label = mine, None
            else:
                label = other + suffix
                values = figures.ratios(bar.figure, name, label)
            if not values:
                continue
            met = bar.holds(median(values), limit)
            measured = "" if other is None else f" (is {with_spread(values)})"
            words.append(f"{bar.wording(limit, other)}{measured}: {'met' if met else '**not met**'}")
            verdicts.append(met)
        return "; ".join(words) or "–", all(verdicts) if verdicts else None

    must, must_met = check(bar.must)
    aim, aim_met = check(bar.aim)
    others = {each: with_spread(figures.of(bar.figure, each + suffix)) for each in ("node", "floor")}
    return {"what": bar.what, "unit": bar.unit, "carillon": with_spread(mine), **others,
            "must": must, "must_met": must_met, "aim": aim, "aim_met": aim_met}
