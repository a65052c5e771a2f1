"""An owner writes a message, looks at it, plans a mailing and launches it."""

import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITH_SCRIPTS[1], *WITHOUT_SCRIPTS]


def the_pages_of_messages_are_whole(browser):
    browser.visit_all([("/messages", "messages"), ("/messages/new", "message-new")], user="anna")
    for page in browser.visit(_first(browser, "/messages"), user="anna", name="message-edit"):
        expect(page.locator("iframe#preview")).to_be_visible()
    history = _first(browser, "/messages").replace("/edit", "/history")
    for page in browser.visit(history, user="anna", name="message-history"):
        assert page.locator("tbody tr").count() >= 1


def the_form_of_a_mailing_is_whole(browser):
    for page in browser.visit("/mailings/new", user="anna", name="mailing-new"):
        expect(page.locator("#forecast")).to_be_visible()


def a_message_is_written_planned_reviewed_and_launched(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            _write(page, f"Journey {variant.file_name}")
            _plan(browser, page, variant)
            browser.check(page, variant, "review")
            page.locator("form[action$='/launch'] button").click()
            expect(page.locator(".alert-flash")).to_be_visible()
            expect(page.locator(".lead .badge")).to_have_class(re.compile("i-created"))
            browser.check(page, variant, "mailing-launched")
            _throw_away(page)


def what_is_typed_is_kept_while_it_is_typed(browser):
    with browser.page(WITH_SCRIPTS[0], user="ben") as page:
        _write(page, "Autosave")
        editor = page.url
        page.locator("#body").fill("Typed and not saved")
        expect(page.locator("#autosaved")).not_to_be_empty(timeout=15_000)
        preview = page.frame_locator("#preview").locator("body")
        expect(preview).to_contain_text("Typed and not saved")
        page.goto("/overview")
        page.goto(editor)
        expect(page.locator("#body")).to_have_value("Typed and not saved")
        expect(page.locator(".alert-warning")).to_be_visible()


def the_forecast_follows_the_form(browser):
    with browser.page(WITH_SCRIPTS[2], user="anna") as page:
        page.goto("/mailings/new")
        page.locator("input[name=when][value=planned]").check()
        page.locator("select[name='windows.0.repeat']").select_option("daily")
        expect(page.locator("#forecast li")).to_have_count(6)


def _write(page, subject):
    page.goto("/messages/new")
    page.locator("#subject").fill(subject)
    page.locator("#body").fill("Hello, {{ recipient.full_name | default(\"friend\") }}!")
    page.locator("main .btn-primary").click()
    expect(page.locator("h1")).to_have_text(subject)


def _plan(browser, page, variant):
    page.goto("/mailings/new")
    page.locator("input[name=when][value=planned]").check()
    page.locator("input[name='windows.0.start_date']").fill("2031-03-10")
    page.locator("select[name='windows.0.repeat']").select_option("weekly")
    page.locator("button[name=do][value=add]").click()
    expect(page.locator("fieldset.window")).to_have_count(2)
    browser.check(page, variant, "mailing-form")
    page.locator("button[name=do][value='remove:1']").click()
    expect(page.locator("fieldset.window")).to_have_count(1)
    page.locator("main .btn-primary").click()
    expect(page.locator(".checklist")).to_be_visible()


def _throw_away(page):
    page.locator("a[href$='/delete']").click()
    page.locator("main .btn-danger").click()
    expect(page.locator(".alert-flash button")).to_be_visible()


def _first(browser, path):
    """The address of the first row of a list."""
    with browser.page(WITH_SCRIPTS[0], user="anna") as page:
        page.goto(path)
        return page.locator("tbody th a").first.get_attribute("href")
