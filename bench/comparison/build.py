"""Building what is compared."""

import filecmp
import shutil
import subprocess
from pathlib import Path

from .processes import ROOT, Failure


def run(*argv, cwd=ROOT):
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, argv))}\n{(done.stdout + done.stderr)[-3000:]}")


def build_programs(directory, targets):
    """The release build of these targets."""
    if not (directory / "build.ninja").exists():
        run("cmake", "--preset", "release", "-B", str(directory))
    run("cmake", "--build", str(directory), "--target", *targets)


def install_node_packages():
    """The locked packages of the peer, anew only when the lock is another one than the last time."""
    peer = ROOT / "bench/peers/node"
    lock, installed = peer / "package-lock.json", peer / "node_modules/.installed-lock"
    if installed.exists() and filecmp.cmp(lock, installed, shallow=False):
        return
    if not shutil.which("npm"):
        raise Failure("npm is not installed (./test installs it); or use --without node")
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=peer)
    shutil.copyfile(lock, installed)


def named_binaries(entries, directory):
    """The builds of carillon that are compared, by label: LABEL=PATH or PATH; the one just built if none is given."""
    if not entries:
        return {"carillon": directory / "carillon"}
    builds = {}
    for entry in entries:
        label, _, path = entry.rpartition("=")
        label = label or ("carillon" if len(entries) == 1 else Path(path).parent.name)
        binary = Path(path).resolve()
        if not binary.is_file():
            raise Failure(f"--carillon {entry}: there is no file {binary}")
        if label in builds or label in ("node", "floor"):
            raise Failure(f"--carillon {entry}: the label {label} is taken")
        builds[label] = binary
    return builds
