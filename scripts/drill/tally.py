"""What the ledger says, held against what the mail server accepted."""

import collections

SUMS = ["delivered", "failed", "suppressed", "cancelled", "unknown", "pending"]
OPEN = ["pending", "sending", "deferred"]


class Tally:
    """The figures of one run, and what is wrong with them."""

    def __init__(self, place, owner, run, accepted):
        rows = place.lines("deliveries", "list", "--as", owner, "--run", run["id"])
        # Letters that tell the owner of doubts go over the same server and are no deliveries.
        accepted = [one for one in accepted if one.to != owner]
        times = collections.Counter(one.to for one in accepted)
        states = collections.Counter(row["state"] for row in rows)
        self.planned, self.delivered = run["planned"], states["delivered"]
        self.failed, self.unknown = states["failed"], states["unknown"]
        # A server that refuses nothing makes second attempts of doubts alone.
        self.doubts = self.unknown + sum(row["attempts"] > 1 for row in rows)
        unfounded = [row for row in rows if row["state"] == "delivered" and not times[row["recipient"]]]
        still_open = sum(states[state] for state in OPEN)
        self.lost = len(unfounded) + still_open + abs(self.planned - len(rows))
        self.twice = sum(count - 1 for count in times.values())
        self.notes, self.broken = [], []
        self.check_sums(run, states)
        self.check_rows(rows, times, accepted)
        self.must(place.object("doctor", "--ledger", codes=(0, 1))["ledger"] == "ok",
                  "doctor --ledger says broken")
        self.at_most("lost", self.lost, 0)

    def check_sums(self, run, states):
        pending = sum(states[state] for state in OPEN)
        found = {name: states[name] for name in SUMS} | {"pending": pending}
        told = {name: run[name] for name in SUMS}
        self.must(found == told, f"the run says {told}, its rows {found}")
        self.must(sum(told.values()) == run["planned"], f"the sums do not add up: {run}")

    def check_rows(self, rows, times, accepted):
        refused = [row for row in rows if row["state"] in ("failed", "suppressed", "cancelled")]
        wrong = sum(times[row["recipient"]] > 0 for row in refused)
        self.must(wrong == 0, f"{wrong} were accepted that the ledger counts as not sent")
        ids = {row["recipient"]: row["message_id"] for row in rows}
        foreign = sum(ids.get(one.to, "").strip("<>") != one.message_id.strip("<>")
                      for one in accepted)
        self.must(foreign == 0, f"{foreign} messages have an id that the ledger does not know")

    def must(self, holds, what):
        if not holds:
            self.broken.append(what)

    def at_most(self, name, found, bound):
        self.must(found <= bound, f"{name} {found}, at most {bound} may be")

    def row(self, name, store, seconds):
        verdict = "; ".join(self.broken) or "kept"
        cells = [name, store, self.planned, self.delivered, self.failed, self.lost, self.twice,
                 self.unknown, f"{seconds:.0f} s", "; ".join(self.notes), verdict]
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = ("| scenario | store | planned | delivered | failed | lost | twice | unknown | took | notes "
        "| promise |\n| --- " + "| --- " * 10 + "|")
