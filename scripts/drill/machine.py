"""Parts of a machine that are small: memory, a disk."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .place import Broken, Impossible

MIB = 1 << 20
# Becomes a process of a group that is the first to be killed when its memory is used up.
JOIN = 'echo 1000 >/proc/self/oom_score_adj && echo $$ >"$0/cgroup.procs" && exec "$@"'
# Joins it and takes whatever memory is left, until it is killed as well.
EAT = """
import os, sys, time
open(sys.argv[1] + "/cgroup.procs", "w").write(str(os.getpid()))
eaten = []
while True:
    eaten.append(b"x" * (1 << 18))
    time.sleep(0.0002)
"""


class SmallMemory:
    """A memory cgroup: whoever is in it shares so many mebibytes."""

    def __init__(self, mebibytes):
        root, self.version = memory_cgroups()
        self.path = root / f"mailing-drill-{os.getpid()}"
        try:
            self.path.mkdir()
            limit = "memory.limit_in_bytes" if self.version == 1 else "memory.max"
            (self.path / limit).write_text(str(mebibytes * MIB))
            swap = self.path / "memory.swap.max"
            if swap.exists():
                swap.write_text("0")
        except OSError as error:
            self.close()
            raise Impossible(f"no memory limit can be set at {root}: {error}; run it as root") from None

    @property
    def before(self):
        """What a process begins with that shall live in it."""
        return ["sh", "-c", JOIN, str(self.path)]

    def kills(self):
        """How many the kernel has killed in it."""
        name = "memory.oom_control" if self.version == 1 else "memory.events"
        lines = (self.path / name).read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    def run_out(self, worker):
        """Uses the memory up until the worker is killed for it; gives its own share in MiB."""
        status = Path(f"/proc/{worker.process.pid}/status").read_text().splitlines()
        had = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
        eater = subprocess.Popen([sys.executable, "-c", EAT, str(self.path)],
                                 stderr=subprocess.DEVNULL)
        try:
            code = worker.ends(60)
        finally:
            eater.kill()
            eater.wait()
        if code != -9:
            raise Broken(f"out of memory the worker ended with {code}")
        return had

    def close(self):
        if self.path.exists():
            self.path.rmdir()


def memory_cgroups():
    """Where memory cgroups are made, and of which version they are."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    for _, where, kind, options, *_ in mounts:
        if kind == "cgroup" and "memory" in options.split(","):
            return Path(where), 1
    for _, where, kind, *_ in mounts:
        controllers = Path(where) / "cgroup.subtree_control"
        if kind == "cgroup2" and "memory" in controllers.read_text().split():
            return Path(where), 2
    raise Impossible("this machine has no memory cgroups")


class SmallDisk:
    """A file system of its own in memory, which can be filled."""

    def __init__(self, mebibytes):
        self.path = Path(tempfile.mkdtemp(prefix="mailing-disk-"))
        self.filler = self.path / "filler"
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=711",
                                  "tmpfs", self.path], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.path.rmdir()
            raise Impossible(f"no small file system can be mounted: {mounted.stderr.strip()}; "
                             "run it as root")

    def fill(self):
        """Takes the last byte."""
        with open(self.filler, "wb", buffering=0) as file:
            for size in (MIB, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self):
        self.filler.unlink()

    def close(self):
        subprocess.run(["umount", self.path], check=True)
        self.path.rmdir()
