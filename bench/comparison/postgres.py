"""A private PostgreSQL cluster, as ./test makes one, but with fsync: what is confirmed is on the disk."""

import contextlib
import itertools
import os
import subprocess
from pathlib import Path

from .processes import Failure

# What pg_virtualenv sets for the command that it runs inside of the cluster.
_WORDS = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE")


class Cluster:
    """A running cluster. It ends with the shell that pg_virtualenv runs, when that reads the end of its input."""

    def __init__(self, env):
        self._env = {**os.environ, **env}
        self._numbers = itertools.count()
        checkpointer = self._ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        status = Path(f"/proc/{checkpointer}/status").read_text(encoding="utf-8")
        self.pid = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))

    @contextlib.contextmanager
    def database(self):
        """The address of a database of its own, dropped afterwards."""
        name = f"compare_{next(self._numbers)}"
        self._ask(f"CREATE DATABASE {name}")
        # What an earlier run left to be written is not this one's work.
        self._ask("CHECKPOINT")
        try:
            yield (f"postgresql://{self._env['PGUSER']}:{self._env['PGPASSWORD']}@{self._env['PGHOST']}"
                   f":{self._env['PGPORT']}/{name}")
        finally:
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def _ask(self, statement):
        done = subprocess.run(["psql", "-XAtqc", statement], env=self._env, capture_output=True, text=True,
                              check=False, cwd="/")
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()


@contextlib.contextmanager
def cluster():
    """Makes a cluster, and removes it afterwards."""
    script = f"""for name in {' '.join(_WORDS)}; do eval "echo $name=\\$$name"; done; echo ready; cat"""
    argv = ["pg_virtualenv", "-t", "-o", "fsync=on", "sh", "-c", script]
    try:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    except FileNotFoundError as error:
        raise Failure("pg_virtualenv is not installed (./test installs it); or use --without postgres") from error
    env = {}
    try:
        for line in process.stdout:
            name, _, value = line.strip().partition("=")
            if name in _WORDS:
                env[name] = value
            elif name == "ready":
                break
        else:
            raise Failure("PostgreSQL could not be started")
        yield Cluster(env)
    finally:
        process.stdin.close()
        process.stdout.read()
        process.wait(60)
