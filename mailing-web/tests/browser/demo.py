"""The program under test: `mailing serve --demo` in a folder of its own."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

START_LIMIT = 60.0
"""Seconds until the pages must answer."""

DATABASE = "sqlite://mailing-demo.db"
OUTBOX = "mailing-demo-outbox"
"""Where the demo keeps its things, in its folder."""

CREDENTIALS = re.compile(r"  (?P<email>(?P<name>\w+)@[\w.]+)\s+(?P<password>[\w-]+)\s+[\w-]+")
"""A line of the start's output that names a demo user: address, password, role."""


class Demo:
    """Started on entering, stopped and wiped on leaving."""

    def __init__(self, target):
        self.program = _program(pathlib.Path(target))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailing-browser."))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.output = self.folder / "output.txt"
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "MAILING_SERVER__LISTEN": f"127.0.0.1:{port}",
        }
        self.operator = {**self.environment, "MAILING_DATABASE__URL": DATABASE}

    def __enter__(self):
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [self.program, "serve", "--demo", "--lang", "en"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        """All that the program has printed."""
        return self.output.read_text(errors="replace")

    def user(self, name):
        """E-mail and password of the demo user of this name, as the start prints them."""
        for line in self.log().splitlines():
            found = CREDENTIALS.fullmatch(line)
            if found and found["name"] == name:
                return found["email"], found["password"]
        raise AssertionError(f"the start prints no credentials for {name!r}:\n{self.log()}")

    def set_rate(self, target, words):
        """Lets an owner's mail go out no faster than this."""
        arguments = [self.program, "rates", "set", target, words]
        subprocess.run(
            arguments, cwd=self.folder, env=self.operator, check=True, stdout=subprocess.DEVNULL
        )

    def mails(self, subject):
        """When the outbox has taken each mail with this subject, in seconds of the wall clock."""
        files = (self.folder / OUTBOX).glob("*.eml")
        line = f"Subject: {subject}".encode()
        return sorted(file.stat().st_mtime for file in files if line in file.read_bytes()[:4096])

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"the demo did not start:\n{self.log()}")


def _program(target):
    if chosen := os.environ.get("MAILING_BIN"):
        return chosen
    built = [path for kind in ("debug", "release") if (path := target / kind / "mailing").exists()]
    if not built:
        raise SystemExit("build the program first: cargo build")
    return max(built, key=lambda path: path.stat().st_mtime).resolve()


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
