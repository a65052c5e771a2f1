"""An instance of one's own: no demo, no people, a mail server that is a folder; it can be stopped and
started again at its address."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from demo import START_LIMIT, free_port
from operate import operate

PASSWORD = "crooked teapot sings 7"


class Service:
    """Started on entering, stopped and wiped on leaving."""

    def __init__(self, program):
        self.program = program
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = None

    def __enter__(self):
        self.wiped = tempfile.TemporaryDirectory(prefix="mailing-service.")
        self.folder = pathlib.Path(self.wiped.name)
        self.operator = {
            "PATH": os.environ.get("PATH", ""),
            "MAILING_SERVER__LISTEN": self.url.removeprefix("http://"),
            "MAILING_MAIL__URL": f"file://{self.folder}/outbox/",
        }
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.wiped.cleanup()

    def start(self):
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [self.program, "serve"],
                cwd=self.folder,
                env=self.operator,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def stop(self, how=signal.SIGTERM):
        """Ends the program, politely unless told otherwise; a second time does no harm."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)

    def user(self, email, *options):
        """Makes an account on the console, so that its address counts as proved."""
        operate(
            self, *["users", "create", email, "--password-file", "-", *options], secret=f"{PASSWORD}\n"
        )

    def _wait(self):
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < deadline, "the service does not start"
                time.sleep(0.1)
