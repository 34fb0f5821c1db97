"""The servers that are compared. A name with "postgres" at its end keeps its history in PostgreSQL."""

from .processes import ROOT, Cores, Server

# What a pair that calls back to back would run into; the others have no such limits at all.
NO_LIMITS = {
    "LIMITS_COSTLY_PER_MINUTE": "0",
    "LIMITS_SOCKET_EVENTS_PER_SECOND": "0",
    "LIMITS_REST_PER_SECOND": "0",
}


def carillon(binary, label="carillon"):
    """Carillon with a SQLite file of its own, and with PostgreSQL."""
    argv = [str(binary), "serve", "--port", "{port}", "--data-dir", "{data}", "--log-level", "warn"]
    # Without this it would make one I/O thread for each core of the machine, also where it may not use them all.
    env = {**NO_LIMITS, "SERVER_THREADS": str(Cores.for_servers())}
    return [Server(label, argv, env), Server(f"{label} postgres", argv, env, stored=True)]


def floor(binary):
    """The epoll program that only forwards."""
    return [Server("floor", [str(binary), "{port}"], dialect="floor")]


def node():
    """Express and Socket.IO, without a store and with PostgreSQL."""
    argv = ["node", str(ROOT / "bench/peers/node/server.mjs"), "--port", "{port}", "--store"]
    env = {"NODE_ENV": "production"}
    return [Server("node", [*argv, "none"], env), Server("node postgres", [*argv, "postgres"], env, stored=True)]
