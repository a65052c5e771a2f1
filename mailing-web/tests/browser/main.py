"""Runs the journeys and tells which of their steps hold."""

import argparse
import importlib
import inspect
import pathlib
import sys
import time
import traceback

from playwright.sync_api import Error, sync_playwright

import pictures
from browser import Browser
from demo import Demo

# In this order: by the outbox's turn the demo's mailing has fired; the last one slows an owner down.
JOURNEYS = [
    "home",
    "sign_in",
    "register",
    "first_mailing",
    "mailings",
    "reports",
    "writing",
    "blog",
    "importing",
    "recipients",
    "settings",
    "managing",
    "administering",
    "fresh",
    "keyboard",
    "following",
    "outbox",
    "unsubscribe",
    "roles",
    "running",
]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", type=pathlib.Path, required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", default=",".join(JOURNEYS))
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path)
    return parser.parse_args()


def steps(journey):
    """The public functions of a journey's file, as they stand there."""
    module = importlib.import_module(f"journeys.{journey}")
    own = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]
    return sorted(own, key=lambda function: function.__code__.co_firstlineno)


def run(step, browser):
    """Whether the step holds. All that the pages complained about counts as the step's."""
    name = f"{step.__module__.removeprefix('journeys.')}::{step.__name__}"
    started = time.monotonic()
    try:
        step(browser)
        browser.settle()
        held = True
    except Exception as fault:
        held = False
        for complaint in browser.take_complaints():
            print(f"  {complaint}")
        if isinstance(fault, (AssertionError, Error)):
            print(f"  {fault}".replace("\n", "\n  "))
        else:
            traceback.print_exc(limit=-3, file=sys.stdout)
    took = time.monotonic() - started
    print(f"test {name} ... {'ok' if held else 'FAILED'} ({took:.1f} s)", flush=True)
    return held


def main():
    options = arguments()
    passed = failed = 0
    with Demo(options.target) as demo, sync_playwright() as playwright:
        browser = Browser(playwright, demo, full=options.full, pictures=options.screenshots)
        if options.docs:
            pictures.take(browser, options.docs)
            browser.close()
            return 0
        for journey in options.only.split(","):
            for step in steps(journey):
                if run(step, browser):
                    passed += 1
                else:
                    failed += 1
        browser.close()
        if failed:
            print(f"--- what the server said\n{demo.log()}\n---")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
