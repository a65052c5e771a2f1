"""The command in a folder of its own."""

import json
import os
import secrets
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "crooked teapot sings 7\n"


class Broken(Exception):
    """A promise that was not kept, or a program that did what nobody asked for."""


class Impossible(Exception):
    """What this machine, or whoever runs the drill, lacks for it."""


def build():
    """Builds the released command, and the mail server; gives the folder with both."""
    cargo = ["cargo", "build", "--quiet", "--release", "-p"]
    subprocess.run([*cargo, "mailing-cli", "--bin", "mailing"], cwd=ROOT, check=True)
    subprocess.run([*cargo, "mailing-transport-smtp", "--example", "mail_server"], cwd=ROOT,
                   check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


class Place:
    """A folder with a configuration, in which commands and workers run."""

    def __init__(self, binaries, database=None, parent=None, **settings):
        self.binary = binaries / "mailing"
        self.folder = tempfile.TemporaryDirectory(prefix="mailing-drill-", dir=parent)
        self.path = Path(self.folder.name)
        key = self.path / "key"
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "MAILING_SECRET__KEY_FILE": str(key),
            "MAILING_SCHEDULER__POLL": "1s",
        }
        if database:
            self.environment["MAILING_DATABASE__URL"] = database
        for name, value in settings.items():
            self.environment[f"MAILING_{name.upper()}"] = str(value)
        self.workers = []

    def close(self):
        for worker in self.workers:
            worker.kill()
            worker.log.close()
        self.folder.cleanup()

    def run(self, *words, feed=None, codes=(0,)):
        """Runs a command to its end; gives its standard output."""
        ended = subprocess.run([self.binary, *words], cwd=self.path, env=self.environment,
                               input=feed, capture_output=True, text=True)
        if ended.returncode not in codes:
            raise Broken(f"mailing {' '.join(map(str, words))} ended with {ended.returncode}: "
                         f"{ended.stderr.strip()[-2000:]}")
        return ended.stdout

    def object(self, *words, **how):
        return json.loads(self.run(*words, "--json", **how))

    def lines(self, *words, **how):
        return [json.loads(line) for line in self.run(*words, "--json", **how).splitlines()]

    def owner(self, email):
        self.run("users", "create", email, "--password-file", "-", feed=PASSWORD)

    def manager(self, email):
        self.run("users", "create", email, "--role", "manager", "--password-file", "-",
                 feed=PASSWORD)

    def recipients(self, owner, addresses):
        """Imports recipients; the names tell them apart."""
        path = self.path / "recipients.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("email,full_name\n")
            file.writelines(f"{address},Reader {n}\n" for n, address in enumerate(addresses))
        self.run("recipients", "import", str(path), "--as", owner, "--yes", "--json")

    def message(self, owner, body="The garden is open, {{ recipient.full_name }}.\n"):
        return self.object("messages", "create", "--as", owner, "--subject",
                           "News for {{ recipient.full_name }}", "--body-file", "-", feed=body)["id"]

    def mailing(self, owner, message, *rest):
        """Plans a mailing to all of the owner's recipients, at once."""
        return self.object("mailings", "create", "--as", owner, "--message", message, "--all",
                           "--now", *rest)["id"]

    def worker(self, name="worker", before=()):
        """Starts a worker; `before` are words of a command that becomes it."""
        worker = Worker(self, name, before)
        self.workers.append(worker)
        return worker

    def forget_journals(self):
        """Takes away what a killed worker wrote down beside the ledger."""
        for path in self.path.glob("worker-*/journal"):
            path.unlink()

    def run_of(self, owner, mailing):
        """The mailing's run with its sums; none before it was planned."""
        runs = self.lines("runs", "list", "--as", owner, "--mailing", mailing)
        return runs[0] if runs else None

    def until_over(self, owner, mailing, patience):
        """Waits until the run has ended and no doubt is left to be tried again; gives the run."""
        last = None
        for _ in every(0.5, patience):
            last = self.run_of(owner, mailing)
            if last and last["ended_at"]:
                return last
        raise Broken(f"the run is not over after {patience} s: {last}")


class Worker:
    """A `mailing worker`, named in its EHLO."""

    def __init__(self, place, name, before=()):
        self.place, self.name, self.before, self.process = place, name, before, None
        self.log = open(place.path / f"{name}.log", "ab")
        self.start()

    def start(self):
        environment = self.place.environment | {"MAILING_MAIL__HELO": f"{self.name}.example"}
        self.process = subprocess.Popen([*self.before, self.place.binary, "worker"],
                                        cwd=self.place.path, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=self.log)

    def send(self, what):
        self.process.send_signal(what)

    def kill(self):
        """As the machine would."""
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()

    def ends(self, patience=40):
        """Sees that it ends by itself in time; gives the exit code."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Broken(f"{self.name} is still there after {patience} s") from None

    def drain(self):
        self.send(signal.SIGTERM)
        return self.ends()


def every(pause, patience):
    """Comes round until the patience is over."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        yield
        time.sleep(pause)
