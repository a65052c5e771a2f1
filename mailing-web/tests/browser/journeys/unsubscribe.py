"""A recipient follows the link of a mail, leaves, and comes back."""

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from mail import unsubscribe_link
from playwright.sync_api import expect


def opening_the_link_changes_nothing(browser):
    path = unsubscribe_link(browser)
    for page in browser.visit(path, name="unsubscribe"):
        expect(page.locator("button[value=unsubscribe]")).to_be_visible()
        page.goto(path)
        expect(page.locator("button[value=unsubscribe]")).to_be_visible()


def one_click_leaves_and_one_more_comes_back(browser):
    path = unsubscribe_link(browser)
    for variant in [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]]:
        with browser.page(variant) as page:
            page.goto(path)
            page.locator("button[value=unsubscribe]").click()
            expect(page.locator("button[value=undo]")).to_be_visible()
            browser.check(page, variant, "unsubscribed")
            page.locator("button[value=undo]").click()
            expect(page.locator("button[value=unsubscribe]")).to_be_visible()


def a_forged_link_is_refused(browser):
    path = unsubscribe_link(browser)
    forged = path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB")
    for page in browser.visit(forged, status=404):
        expect(page.locator("main")).not_to_be_empty()
