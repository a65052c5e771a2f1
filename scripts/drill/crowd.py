"""An owner with a million recipients and their history, by plain SQL: what years of use leave behind."""

import json
import sqlite3
import time
import uuid

DAY = 86_400_000
FIRST = ["Анна", "Иван", "Мария", "Пётр", "Ольга", "Глеб", "Nina", "John", "Wei", "Zoë"]
LAST = ["Смирнова", "Иванов", "Кузнецова", "Попов", "Соколова", "Müller", "Brown", "Li", "Ng", "Roux"]
LOGINS = ["anna", "ivan", "maria", "petr", "olga", "gleb", "nina", "john", "wei", "zoe"]
CITIES = ["Пермь", "Москва", "Казань", "Berlin", "Łódź"]
DOMAINS = ["mail.example", "post.example", "inbox.example", "company.example", "uni.example"]
# Of 600,000, 100,000 and 300 times 1,000 deliveries.
RUNS = [600_000, 100_000] + [1_000] * 300
FAILURES = ["no_such_mailbox", "mailbox_full", "policy", "no_such_domain"]

COLUMNS = {
    "recipients": "id owner_id address address_key domain full_name comment attributes state "
                  "search_text created_at updated_at deleted_at",
    "lists": "id owner_id name name_key created_at",
    "list_members": "list_id recipient_id owner_id",
    "suppressions": "id owner_id kind target reason created_at",
    "messages": "id owner_id current_number created_at",
    "message_versions": "id owner_id message_id number subject body format saved_at",
    "mailings": "id owner_id name message_id sender_id audience chosen zone missed lateness_ms "
                "ambiguous stage finished_at paused_at opens_at next_at version created_at",
    "schedule_windows": "id owner_id mailing_id position schedule",
    "runs": "id owner_id mailing_id occurrence_at kind state reason version_id mailing_name "
            "from_address zone next_number planned delivered failed suppressed unknown pending "
            "created_at started_at ended_at counted",
    "run_causes": "run_id cause number",
    "run_domains": "run_id place domain delivered failed unknown suppressed cancelled",
    "deliveries": "run_id number recipient_id address state reason tries attempts retry_at",
    "delivery_attempts": "run_id number attempt at stage code text worker_id",
    "audit": "id at who user_id owner_id deed subject",
}


def identity(table, number, at=1_700_000_000_000):
    """A UUIDv7 of its own for each row, later rows later."""
    return uuid.UUID(int=(at + number) << 80 | 7 << 76 | table << 68 | 2 << 62 | number)


class Crowd:
    """The rows. `size` is 1,000,000 unless the benchmark itself is tried out."""

    def __init__(self, size, owner, sender, schedule):
        self.size, self.owner, self.sender, self.schedule = size, owner, sender, schedule
        self.now = int(time.time() * 1000)

    def share(self, of_a_million):
        return max(1, of_a_million * self.size // 1_000_000)

    def day(self, ago):
        """A date as a person types it."""
        return time.strftime("%d.%m.%Y", time.gmtime(self.now / 1000 - ago * DAY / 1000))

    def recipient(self, number):
        return identity(1, number)

    def address(self, number):
        # In no order, as people come.
        login = LOGINS[number * 7 % 10]
        scattered = number * 7919 % self.size
        return f"{login}.{scattered:07}@{DOMAINS[number % 5]}"

    def recipients(self):
        for n in range(self.size):
            address = self.address(n)
            name = f"{FIRST[n * 7 % 10]} {LAST[n // 10 % 10]}"
            comment = "Поставщик, звонить после обеда" if n % 5_000 == 0 else None
            state = "active"
            for rarity, other in ((50, "unsubscribed"), (210, "bounced"), (10_007, "complained")):
                if n % rarity == 1:
                    state = other
            text = f"{address}\n{name}\n{comment or ''}".lower()
            at = self.now - (self.size - n) * 60
            yield (self.recipient(n), self.owner, address, address, address.split("@")[1], name,
                   comment, json.dumps({"city": CITIES[n % 5]}, ensure_ascii=False), state, text,
                   at, at, self.now - n if n % 100 == 3 else None)

    def members(self):
        """Everybody, a fifth, eight times a hundredth, and forty small lists."""
        parts = [(1, 0), (5, 0)] + [(100, n) for n in range(8)] + [(10_000, n) for n in range(40)]
        for number, (one_of, remainder) in enumerate(parts):
            yield number, range(remainder, self.size, one_of)

    def lists(self):
        for number, _ in self.members():
            yield identity(2, number), self.owner, f"List {number:02}", f"list {number:02}", self.now

    def list_members(self):
        for number, people in self.members():
            for n in people:
                yield identity(2, number), self.recipient(n), self.owner

    def suppressions(self):
        for n in range(self.share(30_000)):
            target = self.address(n * 33 % self.size)
            yield identity(3, n), self.owner, "address", target, "hard_bounce", self.now

    def messages(self):
        for n in range(200):
            yield identity(4, n), self.owner, 1, self.now - n * DAY

    def message_versions(self):
        for n in range(200):
            yield (identity(5, n), self.owner, identity(4, n), 1, f"Letter {n}", "Hello.\n" * 50,
                   "markdown", self.now - n * DAY)

    def mailings(self):
        stages = ["finished"] * 7 + ["running", "draft", "created"]
        for n in range(1_000):
            stage = stages[n % 10]
            over = self.now - n * DAY if stage == "finished" else None
            paused = self.now if n % 100 == 7 else None
            later = None if over or stage == "draft" or paused else self.now + (n + 1) * DAY
            yield (identity(6, n), self.owner, f"Mailing {n}", identity(4, n % 200), self.sender,
                   "all", 0, "Europe/Moscow", "run_once", 3_600_000, "leave", stage, over, paused,
                   self.now, later, 1, self.now - n * DAY)

    def schedule_windows(self):
        for n in range(1_000):
            yield identity(7, n), self.owner, identity(6, n), 0, self.schedule

    def deliveries_of(self, run):
        """Number, state, reason of each."""
        for n in range(1, self.share(RUNS[run]) + 1):
            if run == 1 and n > self.share(RUNS[run]) // 2:
                yield n, "pending", None
            elif n % 90 == 0:
                yield n, "failed", FAILURES[n // 90 % 4]
            elif n % 250 == 1:
                yield n, "suppressed", "hard_bounce"
            elif n % 50_021 == 7:
                yield n, "unknown", None
            elif run == 1 and n % 70 == 2:
                yield n, "deferred", "try_later"
            else:
                yield n, "delivered", None

    def runs(self):
        for run in range(len(RUNS)):
            states = {}
            for _, state, _ in self.deliveries_of(run):
                states[state] = states.get(state, 0) + 1
            held = run == 1
            waiting = states.get("pending", 0) + states.get("deferred", 0)
            at = self.now - (run + 1) * DAY
            yield (identity(8, run), self.owner, identity(6, run * 10 % 1_000), at, "planned",
                   "paused" if held else "completed", "owner" if held else None, identity(5, 0),
                   f"Mailing {run}", "ann@example.org", "Europe/Moscow",
                   self.share(RUNS[run]) // (2 if held else 1) + 1, self.share(RUNS[run]),
                   states.get("delivered", 0), states.get("failed", 0),
                   states.get("suppressed", 0), states.get("unknown", 0), waiting, at, at,
                   None if held else at + DAY // 4, not held)
        # And a mailing that has been missed for years.
        for n in range(500):
            at = self.now - (n + 400) * DAY
            yield (identity(8, 1_000 + n), self.owner, identity(6, 0), at, "planned", "missed",
                   "too_late", None, "Mailing 0", "ann@example.org", "Europe/Moscow", 1,
                   0, 0, 0, 0, 0, 0, at, None, at, True)

    def run_causes(self):
        for run in range(len(RUNS)):
            for cause in FAILURES:
                yield identity(8, run), cause, self.share(RUNS[run]) // 400

    def run_domains(self):
        """As many rows as a thousand runs have, each the most that is kept."""
        for run in range(len(RUNS)):
            for place in range(100):
                domain = f"d{(run + place) % 2_000}.example" if place else ""
                yield identity(8, run), place, domain, self.share(RUNS[run]) // 100, 1, 0, 1, 0

    def deliveries(self):
        for run in range(len(RUNS)):
            for n, state, reason in self.deliveries_of(run):
                tried = state in ("delivered", "failed", "deferred", "unknown")
                person = (n * 13 + run) % self.size
                yield (identity(8, run), n, self.recipient(person), self.address(person), state,
                       reason, int(tried), int(tried), 0 if state == "deferred" else None)

    def delivery_attempts(self):
        replies = {"delivered": (250, "2.0.0 Ok: queued"), "failed": (550, "5.1.1 No such user"),
                   "deferred": (450, "4.2.0 Greylisted"), "unknown": (None, None)}
        for run in range(len(RUNS)):
            for n, state, _ in self.deliveries_of(run):
                if state in replies:
                    yield (identity(8, run), n, 1, self.now - (run + 1) * DAY + n, "dot",
                           *replies[state], identity(9, 0))

    def audit(self):
        for n in range(self.share(100_000)):
            yield (identity(10, n), self.now - n, "user", self.owner, self.owner, "edit_recipient",
                   str(self.recipient(n)))

    def tables(self):
        for table, columns in COLUMNS.items():
            yield table, columns.split(), getattr(self, table)()


def fill_sqlite(path, crowd):
    connection = sqlite3.connect(path)
    sqlite3.register_adapter(uuid.UUID, lambda value: value.bytes)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
    for table, columns, rows in crowd.tables():
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        connection.commit()
    connection.executescript("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")
    connection.close()


def fill_postgres(postgres, database, crowd):
    for table, columns, rows in crowd.tables():
        postgres.feed(f"COPY {table} ({', '.join(columns)}) FROM STDIN", map(copied, rows), database)
    postgres.sql("VACUUM ANALYZE", database)


def copied(row):
    """A row as COPY reads it."""
    cells = ("\\N" if cell is None else str(cell).replace("\\", "\\\\").replace("\n", "\\n")
             for cell in row)
    return "\t".join(cells) + "\n"
