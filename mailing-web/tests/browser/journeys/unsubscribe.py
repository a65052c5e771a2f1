"""A recipient follows the link of a mail, leaves, and comes back."""

import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from mail import wait_for_mail
from playwright.sync_api import expect


def opening_the_link_changes_nothing(browser):
    path = _link(browser)
    for page in browser.visit(path, name="unsubscribe"):
        expect(page.locator("button[value=unsubscribe]")).to_be_visible()
        page.goto(path)
        expect(page.locator("button[value=unsubscribe]")).to_be_visible()


def one_click_leaves_and_one_more_comes_back(browser):
    path = _link(browser)
    for variant in [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]]:
        with browser.page(variant) as page:
            page.goto(path)
            page.locator("button[value=unsubscribe]").click()
            expect(page.locator("button[value=undo]")).to_be_visible()
            browser.check(page, variant, "unsubscribed")
            page.locator("button[value=undo]").click()
            expect(page.locator("button[value=unsubscribe]")).to_be_visible()


def a_forged_link_is_refused(browser):
    path = _link(browser)
    forged = path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB")
    for page in browser.visit(forged, status=404):
        expect(page.locator("main")).not_to_be_empty()


def _link(browser):
    """The path of the unsubscribe link in a mail of the outbox."""
    with browser.page(WITH_SCRIPTS[0]) as page:
        page.goto(wait_for_mail(browser))
        found = re.search(r"/u/[A-Za-z0-9_=-]+", page.content())
    assert found, "the mail has no unsubscribe link"
    return found[0]
