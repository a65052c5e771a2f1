"""A manager's day: looks at everybody's mailings and users, stops one of each in the middle of a real
run, and lets it go on. What was sent is counted where the mail server has put it."""

import re
import time

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, Variant, sign_in
from playwright.sync_api import expect

STOPS_WITHIN = 5.0
"""Seconds until nothing more is sent."""
SENT_WITHIN = 60.0
"""Seconds until a launched mailing has sent something; for a slow machine."""
REASON = "Complaints of readers"

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]]


def the_pages_of_supervision_are_whole(browser):
    mailing = _first(browser, "/manage/mailings")
    user = _first(browser, "/manage/users")
    for path, name in [
        ("/overview", "manager-overview"),
        ("/manage/mailings", "manage-mailings"),
        ("/manage/mailings?q=nothing-is-called-so", "manage-mailings-none"),
        (mailing, "manage-mailing"),
        (f"{mailing}/disable", "manage-disable"),
        ("/manage/users", "manage-users"),
        (user, "manage-user"),
        (f"{user}/block", "manage-block"),
        ("/manage/audit", "manage-audit"),
    ]:
        for page in browser.visit(path, user="mira", name=name):
            expect(page.locator("main")).not_to_be_empty()
    for page in browser.visit(f"{user}/roles", user="alex", name="manage-roles"):
        expect(page.locator("main .btn-primary")).to_have_count(1)
    for page in browser.visit("/manage/users", user="anna", name="manage-refused", status=403):
        expect(page.locator("main a")).not_to_have_count(0)


def a_mailing_is_disabled_in_the_middle_of_its_run(browser):
    for variant in VARIANTS:
        subject = f"Disable {variant.file_name}"
        mailing = _launch(browser, variant, subject)
        with browser.page(variant, user="mira") as page:
            page.goto(f"/manage/mailings?q={subject.replace(' ', '+')}")
            page.locator("main tbody .btn").click()
            _refuses_an_empty_reason(browser, page, variant)
            page.locator("#reason").fill(REASON)
            page.locator("main .btn-danger").click()
            ordered = time.time()
            expect(page.locator(".alert-flash")).to_be_visible()
            browser.check(page, variant, "manage-disabled")
            _stops(browser, subject, ordered)
        with browser.page(variant, user="ben") as page:
            for path, name in [(mailing, "mailing-disabled"), ("/overview", "overview-disabled")]:
                page.goto(path)
                expect(page.locator("main")).to_contain_text(REASON)
                browser.check(page, variant, name)
        with browser.page(variant, user="mira") as page:
            page.goto("/manage/audit?deed=disable_mailing")
            expect(page.locator("main tbody tr").first).to_contain_text(subject)
            expect(page.locator("main tbody tr").first).to_contain_text(REASON)
            page.goto(f"/manage{mailing}/enable")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_be_visible()
            _goes_on(browser, subject)
        _throw_away(browser, variant, mailing)


def an_owner_is_blocked_in_the_middle_of_a_run(browser):
    for variant in VARIANTS:
        subject = f"Block {variant.file_name}"
        mailing = _launch(browser, variant, subject)
        with browser.page(variant, user="mira") as page:
            page.goto("/manage/users?q=ben")
            page.locator("main tbody .btn").click()
            page.locator("#reason").fill(REASON)
            page.locator("main .btn-danger").click()
            ordered = time.time()
            expect(page.locator(".alert-flash")).to_be_visible()
            card = page.url
            browser.check(page, variant, "manage-blocked")
            _stops(browser, subject, ordered)
        with browser.page(variant, user="ben") as page:
            page.goto("/overview")
            page.wait_for_url("**/login*")
        browser.forget("ben")
        with browser.page(Variant("en", "light", 1280)) as page:
            sign_in(page, *browser.demo.user("ben"))
            expect(page.locator("main .alert")).to_contain_text(REASON)
        with browser.page(variant, user="mira") as page:
            page.goto(f"{card}/unblock")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_be_visible()
            _goes_on(browser, subject)
        _throw_away(browser, variant, mailing)


def an_administrator_gives_a_role_that_holds_at_once(browser):
    for given in (True, False):
        with browser.page(WITH_SCRIPTS[0], user="alex") as page:
            page.goto("/manage/users?q=carl")
            page.locator("main tbody th a").click()
            page.locator("main a[href$='/roles']").click()
            page.locator("input[value=manager]").set_checked(given)
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_be_visible()
        browser.forget("carl")
        with browser.page(WITHOUT_SCRIPTS[0], user="carl") as page:
            answer = page.goto("/manage/mailings")
            assert answer.status == (200 if given else 403), answer.status


def _launch(browser, variant, subject):
    """Ben sends a message to all, one a second; the address of the mailing once it is on its way."""
    browser.demo.set_rate("ben@example.com", "60 per minute")
    with browser.page(variant, user="ben") as page:
        page.goto("/messages/new")
        page.locator("#subject").fill(subject)
        page.locator("#body").fill("Hello")
        page.locator("main .btn-primary").click()
        page.goto("/mailings/new")
        option = page.locator("select[name=message] option", has_text=subject)
        page.locator("select[name=message]").select_option(option.get_attribute("value"))
        page.locator("input[name=when][value=now]").check()
        page.locator("main .btn-primary").click()
        page.locator("form[action$='/launch'] button").click()
        expect(page.locator(".alert-flash")).to_be_visible()
        mailing = re.search(r"/mailings/[0-9a-f-]{36}", page.url)[0]
    _wait(lambda: len(browser.demo.mails(subject)) >= 2, f"{subject!r} sends nothing")
    return mailing


def _refuses_an_empty_reason(browser, page, variant):
    page.locator("main .btn-danger").click()
    expect(page.locator(".error-summary a")).to_have_count(1)
    browser.check(page, variant, "manage-disable-wrong")


def _stops(browser, subject, ordered):
    """Nothing is sent later than five seconds after the order, though much is left."""
    time.sleep(max(0.0, ordered + STOPS_WITHIN - time.time()))
    stopped = browser.demo.mails(subject)
    time.sleep(STOPS_WITHIN)
    assert browser.demo.mails(subject) == stopped, "it is sent on"
    late = max(stopped) - ordered
    print(f"  {subject}: {len(stopped)} sent, the last one {late:+.1f} s after the order")


def _goes_on(browser, subject):
    before = len(browser.demo.mails(subject))
    _wait(lambda: len(browser.demo.mails(subject)) > before, f"{subject!r} does not go on")


def _wait(holds, what):
    deadline = time.monotonic() + SENT_WITHIN
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def _throw_away(browser, variant, mailing):
    with browser.page(variant, user="ben") as page:
        page.goto(f"{mailing}/delete")
        page.locator("main .btn-danger").click()
        expect(page.locator(".alert-flash")).to_be_visible()


def _first(browser, path):
    """The address of the first thing in a list."""
    with browser.page(WITHOUT_SCRIPTS[0], user="mira") as page:
        page.goto(path)
        return page.locator("main tbody th a").first.get_attribute("href")
