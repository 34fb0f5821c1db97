"""Starting servers and waiting for them. Everything runs on 127.0.0.1 and is ended by its own process id."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-that-only-signs-benchmarks-0123456789"


class Failure(Exception):
    """A run that says nothing."""


def free_port():
    """A port that nobody listens on. Another process could take it first; then the start fails, loudly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment():
    """What a server may know of the caller's environment: no settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
            if name in os.environ}


class Cores:
    """Who runs where. Left alone, the kernel moves a server and its load generator together onto one core or
    apart, as it pleases, and a server that shares its core finds more messages in one read: figures of one
    program then differ by a factor of two. So the generator has the last core, and the server the others."""

    pinned = True

    @classmethod
    def _split(cls):
        cores = sorted(os.sched_getaffinity(0))
        return (cores[:-1], cores[-1:]) if cls.pinned and len(cores) > 1 else (cores, cores)

    @classmethod
    def for_servers(cls):
        """How many cores a server has."""
        return len(cls._split()[0])

    @classmethod
    def as_server(cls, argv):
        """The command line that runs `argv` where servers run."""
        return cls._on(cls._split()[0], argv)

    @classmethod
    def as_generator(cls, argv):
        """The command line that runs `argv` where the load generator runs."""
        return cls._on(cls._split()[1], argv)

    @staticmethod
    def _on(cores, argv):
        return ["taskset", "--cpu-list", ",".join(map(str, cores)), *argv]


class Server:
    """One kind of server; `start` runs a fresh one. In `argv`, {port} and {data} stand for its own."""

    def __init__(self, name, argv, env=None, dialect="socket.io", stored=False):
        self.name = name
        self.dialect = dialect
        self.stored = stored  # whether it needs a PostgreSQL database
        self._argv = argv
        self._env = env or {}

    @contextlib.contextmanager
    def start(self, database=None):
        """Yields a running server, and ends it afterwards. `database` is the address of an empty one."""
        port = free_port()
        with tempfile.TemporaryDirectory(prefix="carillon-compare-", ignore_cleanup_errors=True) as name:
            data = Path(name)
            log = data / "server.log"
            words = {"port": str(port), "data": str(data / "data")}
            argv = Cores.as_server([each.format(**words) for each in self._argv])
            env = {**clean_environment(), "JWT_SECRET": SECRET, **self._env}
            if database:
                env["DATABASE_URL"] = database
            with log.open("wb") as out:
                process = subprocess.Popen(argv, env=env, stdout=out, stderr=out, cwd=data)
            try:
                self._await(process, port, log)
                yield Running(self, process.pid, port)
                if process.poll() is not None:
                    raise Failure(f"{self.name} ended while it was measured:\n{log.read_text()[-2000:]}")
            finally:
                stop(process)

    def _await(self, process, port, log):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Failure(f"{self.name} did not start:\n{log.read_text()[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                return
            time.sleep(0.02)
        raise Failure(f"{self.name} does not listen after 20 s:\n{log.read_text()[-2000:]}")


class Running:
    """A started server."""

    def __init__(self, server, pid, port):
        self.server = server
        self.pid = pid
        self.port = port


def stop(process):
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
