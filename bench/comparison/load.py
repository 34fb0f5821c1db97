"""One run of the load generator, and its figures."""

import json
import subprocess
import tempfile

from .processes import SECRET, Cores, Failure

# Longer than any run that is made here.
PATIENCE_S = 300


class Generator:
    """bench/load, as a program."""

    def __init__(self, binary):
        self._binary = str(binary)

    def run(self, running, **options):
        """Drives a running server; options are those of carillon-load, with `_` for `-`."""
        with tempfile.NamedTemporaryFile(suffix=".json") as figures:
            argv = [self._binary, "--port", str(running.port), "--pid", str(running.pid),
                    "--dialect", running.server.dialect, "--secret", SECRET, "--json", figures.name]
            for name, value in options.items():
                argv += ["--" + name.replace("_", "-"), str(value)]
            try:
                done = subprocess.run(Cores.as_generator(argv), capture_output=True, text=True, timeout=PATIENCE_S,
                                      check=False)
            except subprocess.TimeoutExpired as error:
                raise Failure(f"{' '.join(argv)}\nstill runs after {PATIENCE_S} s") from error
            if done.returncode != 0:
                raise Failure(f"{' '.join(argv)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
            with open(figures.name, encoding="utf-8") as text:
                return json.load(text)
