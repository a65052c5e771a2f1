"""What an operator does beside the running service, by the command line."""

import json
import subprocess

SLOW = "4 per second"
"""So slow that a run can be watched."""

RECIPIENTS = 50


def operate(demo, *arguments, secret=None):
    """Runs a command on the service's database; what it answers."""
    done = subprocess.run(
        [demo.program, *arguments, "--json"],
        cwd=demo.folder,
        env=demo.operator,
        input=secret,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def slow_mailing(demo, owner, subject, rate, recipients=RECIPIENTS):
    """A mailing of this owner that goes slowly, planned for a far day; its id."""
    people = "\n".join(f"follower-{n}@example.org" for n in range(recipients))
    (demo.folder / "followers.csv").write_text(f"email\n{people}\n")
    (demo.folder / "body.md").write_text("Hello!\n")
    operate(demo, "rates", "set", owner, rate)
    operate(
        demo, *["recipients", "import", "followers.csv", "--list", "Followers", "--yes"],
        *["--as", owner],
    )
    message = operate(
        demo, *["messages", "create", "--subject", subject, "--body-file", "body.md"],
        *["--as", owner],
    )
    mailing = operate(
        demo, *["mailings", "create", "--message", message["id"], "--list", "Followers"],
        *["--start", "2031-03-10T09:00", "--as", owner],
    )
    return mailing["id"]
