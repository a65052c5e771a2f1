"""From nothing to the first mail: an account, recipients, a message, a mailing, its run, the log, why
a message arrived, and the way out of the list. The way to the run is counted."""

import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, Variant
from mail import mail_to, wait_for_letter
from playwright.sync_api import expect

CLICKS_MOST = 10
"""Links and buttons from the form of an account to a run that has begun, the link in the mail too."""
FIELDS_MOST = 6
"""Fields that somebody had to fill in on that way."""
BEGINS_WITHIN = 60.0
"""Seconds until a launched mailing has its run; for a slow machine."""

VARIANTS = [
    WITH_SCRIPTS[0],
    WITHOUT_SCRIPTS[0],
    WITH_SCRIPTS[3],
    Variant("ru", "light", 360, scripts=False),
]
"""Both languages, each with and without scripts."""


class Counted:
    """A page whose clicks and fields are counted."""

    def __init__(self, page):
        self.page = page
        self.clicks = []
        self.fields = []

    def click(self, selector):
        self.clicks.append(selector)
        self.page.locator(selector).click()

    def fill(self, selector, text):
        self.fields.append(selector)
        self.page.locator(selector).fill(text)

    def follow(self, link):
        """A link in a mail."""
        self.clicks.append("the link in the mail")
        self.page.goto(link)


def a_newcomer_sends_a_first_mailing(browser):
    for variant in VARIANTS:
        subject = f"First {variant.file_name}"
        readers = [f"reader-{n}-{variant.file_name}@example.org" for n in (1, 2)]
        with browser.page(variant) as page:
            counted = Counted(page)
            _make_an_account(browser, counted, f"{variant.file_name}@example.net")
            browser.check(page, variant, "first-import")
            _import(counted, readers)
            browser.check(page, variant, "first-imported")
            _write_and_launch(browser, counted, variant, subject)
            mailing = page.url
            run = page.locator("main tbody a[href^='/runs/']")
            browser.wait(page, mailing, lambda _: run.count(), BEGINS_WITHIN, "no run begins")
            _is_short(variant, counted)
            run.first.click()
            _ends(browser, page)
            browser.check(page, variant, "first-run")
            _reads_the_log(browser, page, variant, readers)
        _leaves(browser, variant, subject, readers[0])


def _make_an_account(browser, counted, email):
    counted.page.goto("/register")
    counted.fill("#email", email)
    counted.fill("#password", "crooked teapot sings 7")
    counted.click("main form .btn-primary")
    counted.page.wait_for_url("**/register/sent")
    counted.follow(wait_for_letter(browser, counted.page, email, "/verify/"))
    counted.click("main form .btn-primary")
    counted.page.wait_for_url("**/recipients/import")
    expect(counted.page.locator(".alert-flash")).to_be_visible()


def _import(counted, readers):
    counted.fill("#pasted", "\n".join(readers))
    counted.click("main .btn-primary")
    expect(counted.page.locator("#column_1")).to_have_value("email")
    counted.click("main .btn-primary")
    counted.click("form[action$='/start'] button")
    expect(counted.page.locator("a[href$='/undo']")).to_be_visible()
    expect(counted.page.locator(".stat dd").first).to_have_text("2")


def _write_and_launch(browser, counted, variant, subject):
    page = counted.page
    counted.click("main a.btn-primary")
    page.wait_for_url("**/messages/new")
    counted.fill("#subject", subject)
    counted.fill("#body", "Hello!")
    counted.click("button[name=do][value=send]")
    page.wait_for_url("**/mailings/new?*")
    expect(page.locator("select[name=message] option:checked")).to_have_text(subject)
    browser.check(page, variant, "first-mailing")
    counted.click("main .btn-primary")
    expect(page.locator(".checklist")).to_be_visible()
    browser.check(page, variant, "first-review")
    counted.click("form[action$='/launch'] button")
    expect(page.locator(".alert-flash")).to_be_visible()


def _is_short(variant, counted):
    clicks, fields = len(counted.clicks), len(counted.fields)
    print(f"  {variant}: {clicks} clicks, {fields} fields")
    assert clicks <= CLICKS_MOST, f"{clicks} clicks: {counted.clicks}"
    assert fields <= FIELDS_MOST, f"{fields} fields: {counted.fields}"


def _ends(browser, page):
    """The run's page tells that both messages were delivered."""
    page.wait_for_url("**/runs/*")
    delivered = page.locator("main .stat", has=page.locator(".i-delivered")).locator("dd")
    over = page.locator("[data-live]")
    what = "the run does not end"
    browser.wait(page, page.url, lambda _: not over.count(), BEGINS_WITHIN, what)
    expect(delivered).to_have_text("2")


def _reads_the_log(browser, page, variant, readers):
    page.goto("/log")
    expect(page.locator("tbody tr")).to_have_count(2)
    browser.check(page, variant, "first-log")
    page.locator("tbody th a", has_text=readers[0]).click()
    expect(page.locator(".say")).not_to_be_empty()
    expect(page.locator(".timeline li").first).to_be_visible()
    browser.check(page, variant, "first-delivery")


def _leaves(browser, variant, subject, reader):
    """By the link of the mail that the outbox has taken."""
    mail = mail_to(browser, reader, subject)
    link = re.search(r"/u/[A-Za-z0-9_=-]+", mail)
    assert link, "the mail has no unsubscribe link"
    with browser.page(variant) as page:
        page.goto(link[0])
        page.locator("button[value=unsubscribe]").click()
        expect(page.locator("button[value=undo]")).to_be_visible()
        browser.check(page, variant, "first-left")
