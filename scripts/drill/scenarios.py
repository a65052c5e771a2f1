"""What is done to workers and servers in the middle of a run, and what must hold afterwards."""

import collections
import signal
import sqlite3
import time

from .machine import SmallDisk, SmallMemory
from .place import Broken, every
from .servers import restart
from .stage import ANN, BOB, LANES, LEASE, SWEEP, Stage
from .tally import Tally


def judged(stage, run, owner=ANN):
    return Tally(stage.place, owner, run, stage.server.accepted())


def enough(tally, done, wanted, what):
    tally.notes.append(f"{done} × {what}")
    tally.must(done == wanted, f"the run was over after {done} of {wanted}: more recipients")


def kill9(drill):
    """A worker is killed again and again, and started again at once."""
    with Stage(drill, seconds=1.3 * drill.kills) as stage:
        worker = stage.place.worker()

        def kill():
            worker.kill()
            if not drill.journal:
                stage.place.forget_journals()
            worker.start()

        done = stage.disturbed(kill)
        tally = judged(stage, stage.over())
    enough(tally, done, drill.kills, "kill -9")
    bound = done * drill.ambiguous_per_kill()
    tally.notes.append(f"{tally.doubts} in doubt, {bound} may be")
    tally.at_most("in doubt", tally.doubts, bound)
    tally.at_most("twice", tally.twice, tally.doubts if drill.policy == "retry" else 0)
    return tally


def sigterm(drill):
    """A worker is asked to end again and again."""
    with Stage(drill, seconds=1.3 * drill.kills) as stage:
        worker, longest = stage.place.worker(), 0.0

        def end():
            nonlocal longest
            began = time.monotonic()
            code = worker.drain()
            longest = max(longest, time.monotonic() - began)
            if code != 0:
                raise Broken(f"a drained worker ended with {code}")
            worker.start()

        done = stage.disturbed(end)
        tally = judged(stage, stage.over())
    enough(tally, done, drill.kills, "SIGTERM")
    tally.notes.append(f"the longest drain {longest:.1f} s")
    tally.at_most("unknown", tally.unknown, 0)
    tally.at_most("twice", tally.twice, 0)
    return tally


def sigstop(drill):
    """One of two workers stands still for longer than its lease, then goes on."""
    still = LEASE + SWEEP + 5 if drill.kills > 1 else LEASE + 2
    with Stage(drill, seconds=1.3 * still) as stage:
        stopped, other = stage.place.worker("one"), stage.place.worker("other")
        stage.server.until(2 * LANES)
        time.sleep(1)
        stopped.send(signal.SIGSTOP)
        time.sleep(still)
        stopped.send(signal.SIGCONT)
        tally = judged(stage, stage.over())
        codes = [stopped.drain(), other.drain()]
    tally.notes.append(f"one of two still for {still} s")
    tally.must(codes == [0, 0], f"the workers ended with {codes}")
    tally.at_most("twice", tally.twice, tally.doubts if drill.policy == "retry" else 0)
    return tally


def database(drill):
    """The database goes away and comes back: PostgreSQL restarts, SQLite's file is locked."""
    if drill.store == "postgres":
        own = drill.clusters.own()
        what = lambda: restart(own, drill.random.uniform(0.0, 2.0))
        said = "restarts"
    else:
        own = None
        what = lambda: lock(stage.place.path / "mailing.db", drill.random.uniform(0.5, 6.5))
        said = "locks"
    with Stage(drill, seconds=4 * drill.kills, postgres=own) as stage:
        worker = stage.place.worker()
        done = stage.disturbed(what)
        tally = judged(stage, stage.over())
        tally.must(worker.drain() == 0, "the worker did not live through it")
    enough(tally, done, drill.kills, said)
    tally.at_most("unknown", tally.unknown, 0)
    tally.at_most("twice", tally.twice, 0)
    return tally


def memory(drill):
    """The memory of a worker is used up again and again: the kernel kills it, and it is started anew."""
    small = SmallMemory(256)
    try:
        with Stage(drill, seconds=1.3 * drill.kills) as stage:
            worker, most = stage.place.worker(before=small.before), 0

            def run_out():
                nonlocal most
                most = max(most, small.run_out(worker))
                worker.start()

            done = stage.disturbed(run_out)
            tally = judged(stage, stage.over())
            killed = small.kills()
    finally:
        small.close()
    enough(tally, done, drill.kills, "out of memory")
    bound = done * drill.ambiguous_per_kill()
    tally.notes.append(f"{tally.doubts} in doubt, {bound} may be; a worker had at most {most} MiB")
    tally.must(killed >= done, f"the kernel killed {killed} for memory, not {done}")
    tally.at_most("in doubt", tally.doubts, bound)
    tally.at_most("twice", tally.twice, tally.doubts if drill.policy == "retry" else 0)
    return tally


def disk(drill):
    """The disk is full in the middle of a run: database and journal can grow no more. Then it is freed."""
    small, own = SmallDisk(192), drill.clusters.own() if drill.store == "postgres" else None
    stood = 0.0
    try:
        with Stage(drill, seconds=2 * drill.kills, postgres=own, disk=small) as stage:
            worker = stage.place.worker()

            def run_full():
                nonlocal stood
                small.fill()
                at = standstill(stage.server, 60)
                if at >= drill.recipients:
                    raise Broken("a full disk did not stop it")
                small.free()
                freed = time.monotonic()
                stage.server.until(at + 1, 60)
                stood = max(stood, time.monotonic() - freed)

            done = stage.disturbed(run_full)
            tally = judged(stage, stage.over())
            tally.must(worker.drain() == 0, "the worker did not live through it")
    finally:
        if own:
            own.close()
        small.close()
    enough(tally, done, drill.kills, "disk full")
    tally.notes.append(f"went on by itself at most {stood:.1f} s after there was room")
    tally.at_most("unknown", tally.unknown, 0)
    tally.at_most("twice", tally.twice, 0)
    return tally


def standstill(server, patience, still=5):
    """Waits until the server gets nothing more; how many messages it has then."""
    had, since = server.count(), time.monotonic()
    for _ in every(0.1, patience):
        count = server.count()
        if count != had:
            had, since = count, time.monotonic()
        if time.monotonic() - since >= still:
            return had
    raise Broken(f"messages still come after {patience} s")


def lock(path, seconds):
    """Another process holds SQLite's file."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    time.sleep(seconds)
    connection.execute("ROLLBACK")
    connection.close()


# Every kind of fault about once in a hundred messages. A message as small as these goes out in one
# write with its dot, so that it is in doubt as well when the connection is cut in its body.
FAULTS = """on connect every 23: reply 421 4.3.2 Too many connections then cut
on mail every 89: cut
on rcpt every 101: reply 451 4.3.0 Try again
on data every 83: reset
on body every 79: cut
on dot every 97: garbage
"""


def faults(drill):
    """The mail server refuses, cuts, resets and answers garbage at every point."""
    with Stage(drill, script=FAULTS) as stage:
        stage.place.worker()
        run = stage.place.until_over(ANN, stage.mailing, 600)
        tally = judged(stage, run)
    doubtful = drill.recipients // 79 + drill.recipients // 97 + drill.recipients // 500 + 2
    tally.notes.append(f"{doubtful} may be unknown")
    tally.at_most("unknown", tally.unknown, doubtful)
    tally.at_most("failed", tally.failed, drill.recipients // 100 + 1)
    tally.at_most("twice", tally.twice, 0)
    return tally


def outage(drill):
    """Half are refused at first, some for good, and the server is gone for a minute."""
    refusals = ("to gone-*@example.net: reply 550 5.1.1 No such mailbox\n"
                "to busy-*@example.net first 1: reply 451 4.2.1 Busy, try again\n")
    kinds = ["busy", "gone"] + 4 * ["busy", "fine"]
    addresses = [f"{kinds[n % 10]}-{n}@example.net" for n in range(drill.recipients)]
    gone = sum(address.startswith("gone") for address in addresses)
    # Slow before the dot, so that the server's end cuts dialogues of which nothing is in doubt.
    pause = max(1, round(40 * 1000 * LANES / drill.recipients))
    script = refusals + f"on mail: after {pause}ms reply 250 2.1.0 Ok\n"
    with Stage(drill, script=script, addresses=addresses) as stage:
        stage.place.worker()
        stage.server.until(drill.recipients // 8)
        before = stage.server.count()
        stage.server.stop()
        time.sleep(60)
        stage.server.start(script)
        run = stage.place.until_over(ANN, stage.mailing, 1_200)
        tally = judged(stage, run)
    tally.notes.append(f"gone after {before}, {gone} refused for good, outcome {run['outcome']}")
    tally.at_most("unknown", tally.unknown, LANES)
    tally.at_most("twice", tally.twice, 0)
    tally.must(tally.failed == gone, f"failed {tally.failed}, not {gone}")
    tally.must(tally.delivered + tally.unknown == drill.recipients - gone, "not all were delivered")
    tally.must(run["outcome"] == "partly", f"the outcome is {run['outcome']}")
    return tally


def workers(drill):
    """Four workers share one run."""
    with Stage(drill, seconds=max(5, drill.recipients / 4_000)) as stage:
        names = ["one", "two", "three", "four"]
        for name in names:
            stage.place.worker(name)
        tally = judged(stage, stage.over())
        shares = collections.Counter(one.helo.split(".")[0] for one in stage.server.accepted())
    tally.notes.append(", ".join(f"{name} {shares[name]}" for name in names))
    tally.must(all(shares[name] for name in names), "not all took part")
    tally.at_most("unknown", tally.unknown, 0)
    tally.at_most("twice", tally.twice, 0)
    return tally


def fairness(drill):
    """One owner's large run does not hold up another's ten."""
    with Stage(drill) as stage:
        place = stage.place
        place.owner(BOB)
        place.recipients(BOB, [f"few-{n}@example.com" for n in range(10)])
        message = place.message(BOB)
        place.worker()
        stage.server.until(drill.recipients // 20)
        asked = time.time() * 1000
        mailing = place.mailing(BOB, message)
        small = place.until_over(BOB, mailing, 60)
        large = place.run_of(ANN, stage.mailing)
        few = [one for one in stage.server.accepted() if one.to.endswith("@example.com")]
        run = place.until_over(ANN, stage.mailing, 600)
        many = [one for one in stage.server.accepted() if not one.to.endswith("@example.com")]
        tally = Tally(place, ANN, run, many)
        of_the_few = Tally(place, BOB, small, few)
    first, last = (few[0].at - asked) / 1000, (few[-1].at - asked) / 1000
    tally.notes.append(f"the ten began after {first:.1f} s and ended after {last:.1f} s beside "
                       f"{large['delivered']} of {large['planned']}")
    tally.broken += of_the_few.broken
    tally.must(large["ended_at"] is None, "the large run was over before: more recipients")
    tally.must(last <= 5, f"the last of the ten came after {last:.1f} s")
    tally.at_most("twice", tally.twice + of_the_few.twice, 0)
    return tally
