"""Somebody makes an account, proves the address from the real mail, and finds back in."""

import itertools

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from mail import wait_for_letter
from playwright.sync_api import expect

PASSWORD = "crooked teapot sings 7"

_numbers = itertools.count(1)


def an_account_takes_two_fields_and_one_link(browser):
    for variant in [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0], WITHOUT_SCRIPTS[1]]:
        with browser.page(variant) as page:
            email = _register(browser, page)
            link = wait_for_letter(browser, page, email, "/verify/")
            page.goto(link)
            browser.check(page, variant, "verify")
            page.locator("main form button.btn-primary").click()
            page.wait_for_url("**/recipients/import")
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
        link = wait_for_letter(browser, page, email, "/password/reset/")
        page.goto(link)
        page.locator("#password").fill("another crooked teapot 8")
        page.locator("main form button.btn-primary").click()
        sign_in(page, email, "another crooked teapot 8")
        page.wait_for_url("**/overview")


def guests_find_their_forms(browser):
    for path, name in [("/register", "register"), ("/password/reset", "password-reset")]:
        for page in browser.visit(path, name=name):
            expect(page.locator("#email")).to_have_attribute("autocomplete", "username")


def _register(browser, page):
    """Fills the form in; the address."""
    email = f"new{next(_numbers)}@example.org"
    page.goto("/register")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/register/sent")
    return email
