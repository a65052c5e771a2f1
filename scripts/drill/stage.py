"""What a scenario begins with: an owner's mailing, ready to be sent to a scripted mail server."""

import random
import tempfile
import time
from pathlib import Path

from .place import Place
from .servers import MailServer

ANN, BOB = "ann@example.org", "bob@example.org"
# Connections of a worker to a server on this machine, unless configured otherwise.
LANES = 10
# The shortest that the configuration takes: a drill waits for it to be over.
LEASE = 30
# How often leases that are over are looked for.
SWEEP = 15
# delivery.in_flight unless configured otherwise.
IN_FLIGHT = 256


class Drill:
    """What was asked for on the command line, and what scenarios share."""

    def __init__(self, binaries, store, recipients, kills, policy, journal, clusters, seed):
        self.binaries, self.store, self.recipients = binaries, store, recipients
        self.kills, self.policy, self.journal = kills, policy, journal
        self.clusters, self.seed, self.random = clusters, seed, random.Random(seed)

    def ambiguous_per_kill(self):
        """How many deliveries a killed worker may leave in doubt."""
        return LANES if self.journal else IN_FLIGHT

    def patience(self):
        """How long a run may take after the last disturbance."""
        return 2 * (LEASE + SWEEP) + 120


class Stage:
    """A place with a mail server and one owner's mailing under way."""

    def __init__(self, drill, script="", seconds=0, addresses=None, postgres=None, settings=(),
                 disk=None):
        self.drill = drill
        count = drill.recipients
        self.addresses = addresses or [f"reader-{n}@example.net" for n in range(count)]
        database = None
        if drill.store == "postgres":
            self.postgres = postgres or drill.clusters.shared()
            database = self.postgres.database(disk and disk.path)
        self.place = Place(drill.binaries, database, disk and disk.path, delivery__lease=f"{LEASE}s",
                           delivery__ambiguous_retry_after=f"{LEASE}s", **dict(settings))
        if seconds:
            # The answer to the dot is what a lane waits for, so it says how long the run takes.
            pause = max(1, round(seconds * 1000 * LANES / len(self.addresses)))
            script += f"on dot: after {pause}ms reply 250 2.0.0 Ok\n"
        # Of its own: what happens to the worker's disk is no matter of the mail server's.
        self.folder = tempfile.TemporaryDirectory(prefix="mailing-server-")
        self.server = MailServer(drill.binaries, Path(self.folder.name), script)
        self.place.environment["MAILING_MAIL__URL"] = self.server.url
        self.place.owner(ANN)
        self.place.recipients(ANN, self.addresses)
        message = self.place.message(ANN)
        self.mailing = self.place.mailing(ANN, message, "--ambiguous", drill.policy)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.place.close()
        self.server.stop()
        self.folder.cleanup()

    def disturbed(self, what, pause=(0.1, 1.0)):
        """Does `what` as often as asked for, each time in the middle of sending; how often."""
        for done in range(self.drill.kills):
            had = self.server.count()
            if had >= len(self.addresses):
                return done
            self.server.until(had + 1, patience=self.drill.patience())
            time.sleep(self.drill.random.uniform(*pause))
            what()
        return self.drill.kills

    def over(self):
        return self.place.until_over(ANN, self.mailing, self.drill.patience())
