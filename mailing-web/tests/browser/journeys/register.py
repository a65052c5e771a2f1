"""Somebody makes an account, proves the address from the real mail, and looks into the settings."""

import itertools
import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from mail import OUTBOX
from playwright.sync_api import expect

PASSWORD = "crooked teapot sings 7"
SENT_WITHIN = 20.0
"""Seconds until the worker has sent a letter."""

_numbers = itertools.count(1)


def an_account_takes_two_fields_and_one_link(browser):
    for variant in [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0], WITHOUT_SCRIPTS[1]]:
        with browser.page(variant) as page:
            email = _register(browser, page)
            link = _link(browser, page, email, "/verify/")
            page.goto(link)
            browser.check(page, variant, "verify")
            page.locator("main form button.btn-primary").click()
            page.wait_for_url("**/overview")
            expect(page.locator("form[action='/verify']")).to_have_count(0)


def whoever_has_not_followed_the_link_is_told(browser):
    for variant in [WITH_SCRIPTS[1], WITHOUT_SCRIPTS[1]]:
        with browser.page(variant) as page:
            sign_in(page, _register(browser, page), PASSWORD)
            page.wait_for_url("**/overview")
            expect(page.locator("form[action='/verify'] button")).to_be_visible()
            browser.check(page, variant, "unverified")


def a_forgotten_password_is_replaced_from_the_mail(browser):
    with browser.page(WITHOUT_SCRIPTS[0]) as page:
        email = _register(browser, page)
        page.goto("/password/reset")
        page.locator("#email").fill(email)
        page.locator("main form button.btn-primary").click()
        link = _link(browser, page, email, "/password/reset/")
        page.goto(link)
        page.locator("#password").fill("another crooked teapot 8")
        page.locator("main form button.btn-primary").click()
        sign_in(page, email, "another crooked teapot 8")
        page.wait_for_url("**/overview")


def guests_find_their_forms(browser):
    for path, name in [("/register", "register"), ("/password/reset", "password-reset")]:
        for page in browser.visit(path, name=name):
            expect(page.locator("#email")).to_have_attribute("autocomplete", "username")


def every_page_of_the_settings_holds(browser):
    for path, name in [
        ("/settings", "settings"),
        ("/settings/security", "settings-security"),
        ("/settings/password", "settings-password"),
        ("/settings/address", "settings-address"),
        ("/settings/senders", "settings-senders"),
        ("/settings/activity", "settings-activity"),
        ("/settings/account", "settings-account"),
        ("/settings/delete", "settings-delete"),
        ("/settings/code/off", "settings-code-off"),
    ]:
        for page in browser.visit(path, user="anna", name=name):
            expect(page.locator("main")).not_to_be_empty()


def _register(browser, page):
    """Fills the form in; the address."""
    email = f"new{next(_numbers)}@example.org"
    page.goto("/register")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/register/sent")
    return email


def _link(browser, page, email, path):
    """The link of this kind in a letter to this address, as soon as there is one."""
    letters = page.locator("main tbody tr", has_text=email).locator("a")

    def found(page):
        # A mailing of the demo may fill the first page meanwhile.
        pages = [OUTBOX]
        for address in pages:
            page.goto(address)
            more = page.locator(".pager a[rel=next]")
            pages += [more.get_attribute("href")] if more.count() else []
            for letter in [link.get_attribute("href") for link in letters.all()]:
                page.goto(letter)
                link = re.search(re.escape(path) + r"[A-Za-z0-9_-]{20,}", page.content())
                if link:
                    found.link = link[0]
                    return True
        return False

    browser.wait(page, OUTBOX, found, SENT_WITHIN, f"no letter to {email}")
    return found.link
