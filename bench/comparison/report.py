"""The table, as Markdown, and everything as JSON."""

import json
import os
import platform
import subprocess
import time

from .bars import BARS, judge
from .figures import median, with_spread
from .processes import ROOT, Cores

# A load average from which on the page warns; whatever runs takes its share of the cores.
BUSY = 0.5

FIGURES = {
    "relay.trickle.slope": "one more message, one at a time, µs CPU",
    "relay.burst.slope": "one more message, in bursts, µs CPU",
    "relay.trickle.whole": "whole calls, ten candidates, one at a time, µs CPU for one message",
    "relay.burst.whole": "whole calls, ten candidates, in bursts, µs CPU for one message",
    "relay.trickle.per_second": "messages a second, closed loop, one at a time",
    "relay.burst.per_second": "messages a second, closed loop, in bursts",
    "rate.cpu": "5,000 messages a second: µs CPU for one",
    "rate.p50": "5,000 messages a second: p50, µs",
    "rate.p99": "5,000 messages a second: p99, µs",
    "rate.p999": "5,000 messages a second: p99.9, µs",
    "latency.most": "messages a second when more are due than it can do",
    **{f"latency.{share}.{key}": f"at {share} % of that: {name}, µs" for share in (20, 50, 80)
       for key, name in (("p50", "p50"), ("p99", "p99"), ("p999", "p99.9"))},
    "history.calls": "calls a second, ten candidates, history in PostgreSQL",
    "history.whole": "the same: µs CPU for one message",
    "history.database": "the same: µs CPU of PostgreSQL for one call",
    "idle.1000": "memory for each of 1,000 idle connections, KiB",
    "idle.5000": "memory for each of 5,000 idle connections, KiB",
    "idle.15000": "memory for each of 15,000 idle connections, KiB",
    "accept.cpu": "µs CPU to accept and authenticate a connection",
    "watch.percent": "idle server: % of a core",
}


def first_line(*argv):
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        names = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return names[0] if names else platform.machine()


def conditions(effort_name, rounds, load_before):
    """What the figures depend on."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": first_line("git", "describe", "--always", "--dirty"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "node": first_line("node", "--version"),
        "postgres": first_line("psql", "--version"),
        "effort": effort_name,
        "rounds": rounds,
        "pinned": Cores.pinned,
        "load_before": load_before,
    }


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def bars_table(figures, subject):
    rows = [row for row in (judge(bar, figures, subject) for bar in BARS) if row]
    return table(["what", "unit", subject, "node", "floor", "must", "aim"],
                 [[row[key] for key in ("what", "unit", "carillon", "node", "floor", "must", "aim")] for row in rows])


def figures_table(figures, names):
    rows = []
    for figure, what in FIGURES.items():
        cells = [with_spread(figures.of(figure, name)) for name in names]
        if any(cell != "–" for cell in cells):
            rows.append([what, *cells])
    return table(["", *names], rows)


def markdown(figures, names, subjects, where, chart):
    """The whole page."""
    where_run = "the generator on the last core, the servers on the others" if where["pinned"] else "cores not assigned"
    parts = [
        "# Comparison",
        f"A {where['effort']} run of `bench/compare`: the median of {where['rounds']} round(s), with the smallest and "
        f"the largest where there were several; ratios are taken within each round.",
        f"{where['date']}, {where['commit']}; {where['processor']}, {where['cores']} cores, Linux {where['kernel']}, "
        f"Node {where['node']}, {where['postgres']}; {where_run}; load average before the run {where['load_before']}.",
    ]
    if where["effort"] == "quick":
        parts.append("Quick means: less of everything, no more than 5,000 connections, and an idle server that is not "
                     "watched for long enough to send its pings.")
    if isinstance(where["load_before"], float) and where["load_before"] > BUSY:
        parts.append("**The machine was busy with other things:** latencies and throughput say little, and the floor in "
                     "bursts looks better than it is.")
    if figures.failures:
        parts.append(f"**Failed, and not in the figures:** {'; '.join(figures.failures)}.")
    for subject in subjects:
        parts += [f"## Bars: {subject}", bars_table(figures, subject)]
    if chart:
        parts.append(f"![Medians]({chart})")
    parts += ["## All figures", figures_table(figures, names)]
    return "\n\n".join(parts) + "\n"


def as_json(figures, where, subjects):
    bars = {subject: [row for row in (judge(bar, figures, subject) for bar in BARS) if row] for subject in subjects}
    medians = {figure: {name: median(values.values()) for name, values in by_server.items()}
               for figure, by_server in figures.values.items()}
    whole = {"conditions": where, "failures": figures.failures, "bars": bars, "medians": medians,
             "rounds": figures.values}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
