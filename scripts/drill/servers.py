"""Mail servers and a PostgreSQL of the drill's own."""

import collections
import glob
import os
import pwd
import random
import re
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .place import Broken, every

Accepted = collections.namedtuple("Accepted", "at helo to message_id octets")


def free_port():
    """A port below the range that the kernel hands out by itself."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class MailServer:
    """The scriptable server with its record."""

    def __init__(self, binaries, folder, script=""):
        self.program = binaries / "examples" / "mail_server"
        self.script, self.record = folder / "script", folder / "accepted"
        self.record.touch()
        self.process, self.port = None, 0
        self.start(script)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def start(self, script):
        self.script.write_text(script)
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--script", self.script,
             "--record", self.record], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if not said:
            raise Broken("the mail server does not start")
        self.port = int(said)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def accepted(self):
        """What it accepted so far, in order."""
        accepted = []
        with open(self.record, encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    at, helo, to, message_id, octets = line[:-1].split("\t")
                    accepted.append(Accepted(int(at), helo, to, message_id, int(octets)))
        return accepted

    def count(self):
        with open(self.record, "rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def until(self, count, patience=60):
        """Waits until it has accepted so many."""
        for _ in every(0.02, patience):
            if self.count() >= count:
                return
        raise Broken(f"the mail server has {self.count()} of {count} messages after {patience} s")


class Postgres:
    """A cluster of its own on 127.0.0.1, which may be stopped and started."""

    def __init__(self, settings=(), parent=None):
        binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"),
                          key=lambda path: [int(n) for n in re.findall(r"\d+", path)])
        if not binaries:
            raise Broken("PostgreSQL is not installed: run scripts/setup")
        self.bin = Path(binaries[-1]).parent
        self.folder = tempfile.TemporaryDirectory(prefix="mailing-pg-", dir=parent)
        self.data = Path(self.folder.name) / "data"
        self.is_root = os.geteuid() == 0
        if self.is_root:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder.name, user.pw_uid, user.pw_gid)
        self.made, self.lock = 0, threading.Lock()
        self.command("initdb", "--pgdata", self.data, "--username", "postgres", "--auth", "trust",
                     "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        self.port = free_port()
        lines = ["listen_addresses = '127.0.0.1'", f"port = {self.port}",
                 f"unix_socket_directories = '{self.folder.name}'", "max_connections = 200",
                 "shared_buffers = 256MB", *settings]
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.start()

    def command(self, name, *words):
        # As root the server's programs run as their own user, which may not read every folder.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if self.is_root else {}
        ended = subprocess.run([self.bin / name, *words], cwd="/", capture_output=True, text=True,
                               env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **user)
        if ended.returncode != 0:
            raise Broken(f"{name} failed: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def control(self, *words):
        self.command("pg_ctl", "--silent", "--pgdata", self.data, *words)

    def start(self):
        self.control("start", "--wait", "--log", f"{self.folder.name}/log")

    def stop(self, mode="immediate"):
        self.control("stop", "--wait", "--mode", mode)

    def sql(self, statement, database="postgres"):
        return self.command("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                            "--host", "127.0.0.1", "--port", str(self.port), "--username",
                            "postgres", "--dbname", database, "--command", statement).strip()

    def feed(self, statement, lines, database):
        """Gives a COPY its lines."""
        psql = [self.bin / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--host",
                "127.0.0.1", "--port", str(self.port), "--username", "postgres", "--dbname",
                database, "--command", statement]
        fed = subprocess.Popen(psql, cwd="/", stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, encoding="utf-8")
        fed.stdin.writelines(lines)
        _, errors = fed.communicate()
        if fed.returncode != 0:
            raise Broken(f"{statement}: {errors}")

    def database(self, folder=None):
        """The URL of a new database, whose tables lie in a folder of their own if one is given."""
        with self.lock:
            self.made += 1
            name = f"drill{self.made}"
        where = ""
        if folder:
            tables = Path(tempfile.mkdtemp(prefix="tables-", dir=folder))
            if self.is_root:
                user = pwd.getpwnam("postgres")
                os.chown(tables, user.pw_uid, user.pw_gid)
            self.sql(f"CREATE TABLESPACE {name} LOCATION '{tables}'")
            where = f" TABLESPACE {name}"
        self.sql(f"CREATE DATABASE {name}{where}")
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def cpu(self):
        """Seconds of processor that the server has used, its ended processes among them."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        ticks = 0
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                fields = Path(path).read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            pid = int(path.split("/")[2])
            if pid == main:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == main:
                ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self):
        try:
            self.stop()
        except Broken:
            pass
        self.folder.cleanup()


def restart(postgres, away):
    """Cuts the database off for so many seconds."""
    postgres.stop()
    time.sleep(away)
    postgres.start()


class Redis:
    """A Redis of the drill's own on 127.0.0.1, which keeps nothing on disk."""

    def __init__(self, parent=None):
        self.folder = tempfile.TemporaryDirectory(prefix="mailing-redis-", dir=parent)
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", self.folder.name],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "Ready to accept connections" in line:
                return
        raise Broken("Redis does not start: run scripts/setup")

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()
