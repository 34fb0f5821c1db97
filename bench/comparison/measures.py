"""What is measured. A measure gets a started server and answers with figures; all figures are per unit of work."""

from concurrent.futures import ThreadPoolExecutor

from .processes import Failure

KIB = 1024


class Measure:
    """One entry of the comparison. `takes` says whether a kind of server takes part."""

    together = False

    def __init__(self, name, what, takes, run):
        self.name = name
        self.what = what
        self.takes = takes
        self.run = run


class Effort:
    """How long things take: a full run, or a quick one for those who develop."""

    def __init__(self, quick):
        self.warm_calls = 10 if quick else 20
        self.calls = 12 if quick else 20
        self.seconds = 2 if quick else 4
        self.idle = "1000,5000" if quick else "1000,5000,15000"
        self.watched = 5000 if quick else 10000
        # The servers ping every 25 s: a whole round of pings is in it, except in a quick run.
        self.watch = 5 if quick else 26


PAIRS = 50
PATTERNS = {"trickle": 1, "burst": 0}


def relay(load, running, effort, _):
    """What one more relayed message costs: the slope between few and many candidates in equally many calls."""
    load.run(running, pairs=PAIRS, calls_per_pair=effort.warm_calls)
    figures = {}
    for pattern, window in PATTERNS.items():
        few, many = (load.run(running, pairs=PAIRS, calls_per_pair=effort.calls, candidates=count, window=window)
                     for count in (10, 60))
        cost = many["server_cpu_ms"] - few["server_cpu_ms"]
        figures[f"relay.{pattern}.slope"] = 1000 * cost / (many["relayed"] - few["relayed"])
        figures[f"relay.{pattern}.whole"] = 1000 * few["server_cpu_ms"] / few["relayed"]
        figures[f"relay.{pattern}.per_second"] = many["relayed_per_second"]
    return figures


def latencies(prefix, run):
    relayed = run["latency_us"]["relay"]
    return {f"{prefix}.{name}": relayed[key] for name, key in (("p50", "p50"), ("p99", "p99"), ("p999", "p99_9"))}


def rate(load, running, effort, _):
    """5,000 candidates a second, each when it is due."""
    load.run(running, pairs=PAIRS, calls_per_pair=effort.warm_calls)
    run = load.run(running, pairs=100, candidates=60, message_rate=5000, seconds=effort.seconds)
    return {"rate.cpu": run["server_cpu_ms_per_1000_relayed"], **latencies("rate", run)}


def latency(load, running, effort, _):
    """Latency at shares of what this server can do with the same messages, when more are due than it can do."""
    load.run(running, pairs=PAIRS, calls_per_pair=effort.warm_calls)
    flow = {"pairs": 100, "candidates": 60}
    most = load.run(running, message_rate=1_000_000, seconds=effort.seconds / 2, **flow)["relayed_per_second"]
    figures = {"latency.most": most}
    for share in (20, 50, 80):
        run = load.run(running, message_rate=most * share / 100, seconds=effort.seconds / 2, **flow)
        figures.update(latencies(f"latency.{share}", run))
    return figures


def history(load, running, effort, cluster):
    """Whole calls with ten candidates, their history in PostgreSQL."""
    load.run(running, pairs=PAIRS, calls_per_pair=effort.warm_calls)
    run = load.run(running, pairs=100, seconds=effort.seconds, database_pid=cluster.pid)
    return {
        "history.calls": run["calls_per_second"],
        "history.whole": run["server_cpu_ms_per_1000_relayed"],
        "history.database": run["database_cpu_us_per_call"],
    }


def idle(load, running, effort, _):
    """Memory for each idle connection, and CPU for each that was accepted and authenticated."""
    stages = load.run(running, pairs=0, idle=effort.idle, settle=1)["idle"]
    figures = {f"idle.{each['connections']}": each["rss_bytes_each"] / KIB for each in stages}
    cost = before = 0
    for each in stages:
        cost += each["accept_cpu_us_each"] * (each["connections"] - before)
        before = each["connections"]
    figures["accept.cpu"] = cost / before
    return figures


def watch(load, running, effort, _):
    """CPU of a server with many connections that do nothing, in percent of a core."""
    run = load.run(running, pairs=0, idle=effort.watched, watch=effort.watch)
    return {"watch.percent": 100 * run["idle_cores"]}


def is_plain(server):
    return not server.stored


def is_stored(server):
    return server.stored


MEASURES = [
    Measure("relay", "CPU for one relayed message, and for whole calls with ten candidates", is_plain, relay),
    Measure("rate", "5,000 relayed messages a second", is_plain, rate),
    Measure("latency", "latency at 20, 50 and 80 % of what each can do", is_plain, latency),
    Measure("history", "calls a second with history in PostgreSQL", is_stored, history),
    Measure("idle", "memory of an idle connection, CPU to accept it", is_plain, idle),
    Measure("watch", "CPU of an idle server", is_plain, watch),
]
# Servers that do nothing do not disturb one another, and waiting for each in turn would take long.
MEASURES[-1].together = True


def run_round(measure, contexts, tools, note):
    """Runs a measure with each server, given with a function that makes a context manager, and yields it with its
    figures; or with a Failure: one run that failed does not make the others worthless."""
    def one(entry):
        server, start = entry
        try:
            with start() as running:
                return server, measure.run(tools.load, running, tools.effort, tools.cluster)
        except Failure as failure:
            return server, failure

    if not measure.together:
        for entry in contexts:
            note(f"{measure.name}: {entry[0].name}")
            yield one(entry)
        return
    note(f"{measure.name}: {', '.join(server.name for server, _ in contexts)} together")
    with ThreadPoolExecutor(len(contexts)) as pool:
        yield from pool.map(one, contexts)
