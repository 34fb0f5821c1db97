"""The program bench/compare."""

import argparse
import contextlib
import os
import resource
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from . import build, chart, report, servers
from .figures import Figures
from .load import Generator
from .measures import MEASURES, Effort, run_round
from .postgres import cluster
from .processes import ROOT, Cores, Failure

RESULTS = ROOT / "bench/results"


def parse(argv):
    names = [each.name for each in MEASURES]
    parser = argparse.ArgumentParser(
        prog="bench/compare",
        description="Runs carillon, Node's Socket.IO and an epoll program that only forwards, in turns, under the same "
                    "load; prints one table and writes it to bench/results with the figures as JSON and a chart.",
        epilog="measures: " + "; ".join(f"{each.name}: {each.what}" for each in MEASURES))
    parser.add_argument("--quick", action="store_true", help="one short round, for those who develop")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each figure is taken (5; 1 with --quick)")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME",
                        help="only this measure; may be given several times")
    parser.add_argument("--without", action="append", choices=["node", "floor", "postgres"], default=[],
                        metavar="PEER", help="leave out node, floor or postgres")
    parser.add_argument("--carillon", action="append", metavar="[LABEL=]PATH",
                        help="an executable to measure instead of the one that is built; several are compared")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release", metavar="DIR")
    parser.add_argument("--no-build", action="store_true", help="take what is in the build directory as it is")
    parser.add_argument("--no-pin", action="store_true", help="leave it to the kernel who runs on which core")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="where the results go (bench/results, and nowhere when something was left out)")
    asked = parser.parse_args(argv)
    if asked.rounds is not None and asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return asked


def prepare(asked):
    """Builds, and returns the servers and the builds of carillon among them."""
    directory = asked.build_dir.resolve()
    if not asked.no_build:
        targets = ["carillon-load", "carillon-floor", *([] if asked.carillon else ["carillon"])]
        note(f"building {', '.join(targets)}")
        build.build_programs(directory, targets)
    builds = build.named_binaries(asked.carillon, directory)
    entries = [each for label, binary in builds.items() for each in servers.carillon(binary, label)]
    if "node" not in asked.without:
        build.install_node_packages()
        entries += servers.node()
    if "floor" not in asked.without:
        entries += servers.floor(directory / "carillon-floor")
    if "postgres" in asked.without:
        entries = [each for each in entries if not each.stored]
    return entries, list(builds), Generator(directory / "carillon-load")


def measure_all(asked, entries, load, measures, rounds):
    """Runs every measure with every server that takes part, round by round, each round in another order."""
    figures = Figures()
    with contextlib.ExitStack() as stack:
        needs_cluster = any(measure.takes(each) for measure in measures for each in entries if each.stored)
        database = stack.enter_context(cluster()) if needs_cluster else None
        tools = SimpleNamespace(load=load, effort=Effort(asked.quick), cluster=database)
        for number in range(rounds):
            turn = number % len(entries)
            order = entries[turn:] + entries[:turn]
            for measure in measures:
                parts = [(each, starter(each, database)) for each in order if measure.takes(each)]
                if not parts:
                    continue
                say = lambda text, number=number: note(f"round {number + 1} of {rounds}: {text}")
                for server, found in run_round(measure, parts, tools, say):
                    if isinstance(found, Failure):
                        say(f"{measure.name}: {server.name} failed:\n{found}")
                        figures.failures.append(f"{measure.name}, {server.name}, round {number + 1}")
                    else:
                        figures.add(number, server.name, found)
    return figures


def starter(server, database):
    @contextlib.contextmanager
    def start():
        with database.database() if server.stored else contextlib.nullcontext() as address:
            with server.start(address) as running:
                yield running
    return start


STARTED = time.monotonic()


def note(text):
    print(f"== {time.monotonic() - STARTED:4.0f}s  {text}", file=sys.stderr, flush=True)


def write(directory, page, figures_json, picture):
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in (("comparison.md", page), ("comparison.json", figures_json), ("comparison.svg", picture)):
        (directory / name).write_text(text, encoding="utf-8")
    note(f"written to {directory}")


def run(argv):
    asked = parse(argv)
    Cores.pinned = not asked.no_pin
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load_before = round(os.getloadavg()[0], 1)
    entries, subjects, load = prepare(asked)
    measures = [each for each in MEASURES if not asked.only or each.name in asked.only]
    rounds = asked.rounds or (1 if asked.quick else 5)
    figures = measure_all(asked, entries, load, measures, rounds)
    where = report.conditions("quick" if asked.quick else "full", rounds, load_before)
    names = [each.name for each in entries]
    whole = not asked.only and not asked.without and not asked.carillon
    out = asked.out or (RESULTS if whole else None)
    page = report.markdown(figures, names, subjects, where, "comparison.svg" if out else None)
    print(page)
    if out:
        write(out, page, report.as_json(figures, where, subjects), chart.draw(figures, subjects))
    return 1 if figures.failures else 0


def main():
    # Ended like this, too, no server and no cluster stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(sys.argv[1:])
    except Failure as failure:
        print(f"bench/compare: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
