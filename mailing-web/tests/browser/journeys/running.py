"""An owner sends, follows the run while it goes, reads the log, has one message explained; a recipient
leaves by the link of that real mail and comes back."""

import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, Variant
from mail import OUTBOX
from operate import SLOW, slow_mailing
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITH_SCRIPTS[1], *WITHOUT_SCRIPTS]

SUBJECT = "Followed news"
"""Of the mailing that is sent here; all its recipients take mail, so that its runs end."""

ENDS_WITHIN = 60_000
"""Milliseconds until a run of the demo's owner has ended at that rate."""


def a_run_is_followed_while_it_goes(browser):
    slow_mailing(browser.demo, browser.demo.user("ben")[0], SUBJECT, SLOW)
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            _send(browser, page)
            browser.check(page, variant, "run-live")
            done = page.locator(".bar-head strong")
            if variant.scripts:
                _follow(page, done)
            else:
                _refresh(page, done)
            expect(page.locator("[data-live]")).to_have_count(0, timeout=1_000)
            browser.check(page, variant, "run-ended")


def a_run_is_held_and_let_go_on(browser):
    variant = WITH_SCRIPTS[2]
    with browser.page(variant, user="ben") as page:
        _send(browser, page)
        page.locator("form[action$='/pause'] button").click()
        expect(page.locator(".alert-flash")).to_be_visible()
        expect(page.locator("#live-state .i-paused")).to_be_visible(timeout=15_000)
        browser.check(page, variant, "run-paused")
        page.locator("form[action$='/resume'] button").click()
        _wait_for_end(page)


def the_log_leads_to_each_message_and_its_story(browser):
    run = _newest_run(browser)
    for page in browser.visit("/log", user="ben", name="log"):
        assert page.locator("tbody tr").count() >= 10, "the log is empty"
    for page in browser.visit("/log?cause=x&since=never", user="ben", status=422, name="log-wrong"):
        expect(page.locator(".error-summary li")).to_have_count(2)
    for page in browser.visit(f"/log?run={run}&domain=else.example", user="ben", name="log-none"):
        expect(page.locator("tbody")).to_have_count(0)
    for page in browser.visit(f"/log?run={run}", user="ben", name="log-run"):
        page.locator("tbody th a").first.click()
        expect(page.locator(".say")).not_to_be_empty()
        expect(page.locator(".timeline li").first).to_be_visible()
        assert "{{" not in page.locator("main").inner_text()


def what_failed_is_explained_and_may_be_tried_again(browser):
    for page in browser.visit("/log?state=failed", user="anna", name="log-failed"):
        page.locator("tbody th a").first.click()
        page.locator("summary").first.click()
        expect(page.locator(".raw").first).to_be_visible()
        delivery = page.url.removeprefix(browser.demo.url)
    for page in browser.visit(delivery, user="anna", name="delivery"):
        page.locator(".actions a[href*='/retry?']").click()
        expect(page.locator(".well")).to_be_visible()
        page.locator("main a.btn").click()
        expect(page.locator(".timeline")).to_be_visible()
    retry = f"/runs/{_run_of(delivery)}/retry?what=failed"
    for page in browser.visit(retry, user="anna", name="retry"):
        expect(page.locator("main form .btn-primary")).to_be_visible()


def a_recipient_leaves_by_the_mail_and_comes_back(browser):
    link = _link(browser)
    for variant in VARIANTS:
        with browser.page(variant) as page:
            page.goto(link)
            browser.check(page, variant, "leave")
            page.locator("button[value=unsubscribe]").click()
            expect(page.locator("button[value=undo]")).to_be_visible()
            browser.check(page, variant, "left")
            page.goto(link)
            page.locator("button[value=undo]").click()
            expect(page.locator("button[value=unsubscribe]")).to_be_visible()
            page.locator("a[hreflang]").click()
            expect(page.locator("html")).not_to_have_attribute("lang", variant.language)


def _follow(page, done):
    """The numbers move by themselves, the tenths are spoken, and the end is shown."""
    page.evaluate("window.sameDocument = true")
    for _ in range(2):
        before = done.inner_text()
        expect(done).not_to_have_text(before, timeout=5_000)
    assert page.evaluate("window.sameDocument"), "the page was read anew"
    expect(page.locator("#spoken")).not_to_be_empty(timeout=15_000)
    _wait_for_end(page)


def _refresh(page, done):
    """The link shows how far it has come."""
    before = done.inner_text()
    page.wait_for_timeout(1_500)
    page.locator("#live-numbers a").click()
    expect(done).not_to_have_text(before)
    while page.locator("#live-numbers a").count():
        page.wait_for_timeout(1_000)
        page.locator("#live-numbers a").click()


def _wait_for_end(page):
    expect(page.locator("[data-live]")).to_have_count(0, timeout=ENDS_WITHIN)


def _send(browser, page):
    """Sends the mailing by hand, once the run before is over."""
    page.goto("/mailings")
    page.locator("main tbody th a", has_text=SUBJECT).click()
    page.wait_for_url("**/mailings/*")
    page.locator(".actions a[href$='/send']").click()
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/runs/*")
    started = page.locator("#live-state .i-running")
    browser.wait(page, page.url, lambda _: started.count(), 60.0, "the run does not begin")


def _newest_run(browser):
    with browser.page(WITH_SCRIPTS[0], user="ben") as page:
        page.goto("/log")
        return _run_of(page.locator("tbody th a").first.get_attribute("href"))


def _run_of(delivery):
    """The run's id in the address of a delivery."""
    return delivery.split("/")[-1].rsplit("-", 1)[0]


def _link(browser):
    """The link in the newest mail to a recipient."""
    with browser.page(Variant("en", "light", 1280)) as page:
        page.goto(OUTBOX)
        page.locator("main tbody tr", has_text="follower-").locator("a").first.click()
        found = re.search(r"/u/[A-Za-z0-9_=-]+", page.content())
    assert found, "the mail has no unsubscribe link"
    return found[0]
