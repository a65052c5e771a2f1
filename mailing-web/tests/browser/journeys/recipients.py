"""An owner keeps recipients: adds, changes, deletes and brings back, in lists and beside them."""

import re

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITH_SCRIPTS[1], *WITHOUT_SCRIPTS]

PAGES = [
    ("/recipients", "recipients"),
    ("/recipients?q=a", "recipients-found"),
    ("/recipients?q=nobody-at-all", "recipients-none"),
    ("/recipients/new", "recipient-new"),
    ("/recipients/trash", "trash"),
    ("/lists", "lists"),
    ("/lists/new", "list-new"),
    ("/suppressions", "suppressions"),
]


def the_pages_of_recipients_are_whole(browser):
    browser.visit_all(PAGES, user="anna")


def the_card_and_the_form_of_a_recipient_are_whole(browser):
    card = _first(browser, "/recipients")
    pages = [(card, "recipient"), (f"{card}/edit", "recipient-edit")]
    browser.visit_all(pages, user="anna")


def a_list_is_renamed_and_asked_about(browser):
    rename = _first(browser, "/lists", "tbody a[href$='/edit']")
    for path, name in [(rename, "list-edit"), (rename.replace("edit", "delete"), "list-delete")]:
        for page in browser.visit(path, user="anna", name=name):
            expect(page.locator("main form button").first).to_be_visible()


def one_is_added_changed_deleted_and_brought_back(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            address = f"journey-{variant.file_name}@example.com"
            page.goto("/recipients/new")
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary a")).to_be_visible()
            expect(page).to_have_title(_error(variant))
            browser.check(page, variant, "recipient-error")
            page.locator("#email").fill(address)
            page.locator("#full_name").fill("Journey")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_contain_text(address)
            page.goto(f"/recipients?q={address}")
            page.locator("tbody th a").click()
            expect(page.locator("h1")).to_contain_text(address)
            page.locator("main a[href$='/edit']").click()
            page.locator("#comment").fill("Met on the way")
            page.locator("main .btn-primary").click()
            expect(page.locator("main .answers")).to_contain_text("Met on the way")
            _delete_and_bring_back(browser, page, variant, address)


def many_are_put_into_a_list(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            name = f"Journey {variant.file_name}"
            page.goto("/lists/new")
            page.locator("#name").fill(name)
            page.locator("main .btn-primary").click()
            expect(page.locator("tbody")).to_contain_text(name)
            page.goto("/recipients")
            boxes = page.locator("tbody input[type=checkbox]")
            boxes.nth(0).check()
            boxes.nth(1).check()
            page.locator("select[name=verb]").select_option("add")
            page.locator(".bulk button").click()
            browser.check(page, variant, "bulk-list")
            into = page.locator("select[name=into]")
            option = into.locator("option", has_text=name)
            into.select_option(option.get_attribute("value"))
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_contain_text("2")
            page.goto("/lists")
            row = page.locator("tbody tr", has_text=name)
            expect(row.locator("td.num").first).to_contain_text("2")


def all_that_were_found_are_deleted_after_a_question(browser):
    with browser.page(WITH_SCRIPTS[1], user="ben") as page:
        page.goto("/recipients?q=journey")
        page.locator("select[name=verb]").select_option("all-delete")
        page.locator(".bulk button").click()
        browser.check(page, WITH_SCRIPTS[1], "bulk-delete")
        page.locator("main .btn-primary").click()
        expect(page.locator(".alert-flash button")).to_be_visible()
        page.locator(".alert-flash button").click()
        page.goto("/recipients?q=journey")
        assert page.locator("tbody tr").count() >= 1, "nobody came back"


def many_are_exported_while_the_page_tells_how_far_it_is(browser):
    rows = "".join(f"e{n}@export.example\n" for n in range(10_001))
    with browser.page(WITH_SCRIPTS[0], user="ben") as page:
        page.goto("/recipients/import")
        buffer = f"email\n{rows}".encode()
        file = {"name": "export.csv", "mimeType": "text/csv", "buffer": buffer}
        page.locator("#file").set_input_files(file)
        page.locator("main .btn-primary").click()
        page.locator("#new_list").fill("Export")
        page.locator("main .btn-primary").click()
        page.locator("form[action$='/start'] button").click(timeout=60_000)
        undo = page.locator("a[href$='/undo']")
        expect(undo).to_be_visible(timeout=60_000)
        for variant in VARIANTS:
            _export(browser, variant)
        undo.click()
        page.locator("form[action$='/undo'] button").click()
        expect(page.locator(".alert-flash")).to_be_visible(timeout=30_000)


def _export(browser, variant):
    with browser.page(variant, user="ben") as page:
        page.goto("/recipients")
        page.locator(".actions form[action^='/recipients/exports'] button").click()
        page.wait_for_url("**/recipients/exports/*")
        if not variant.scripts:
            browser.check(page, variant, "export-progress")
        link = page.locator("a[download]")
        expect(link).to_be_visible(timeout=60_000)
        browser.check(page, variant, "export-ready")
        with page.expect_download() as coming:
            link.click()
        assert coming.value.suggested_filename == "recipients.csv"
        lines = coming.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) > 10_001, f"{len(lines)} lines"
        page.goto("/recipients")
        expect(page.locator("main p.small a")).to_be_visible()
        browser.check(page, variant, "recipients-exported")
        page.locator("main p.small a").click()
        page.locator("form[action$='/discard'] button").click()
        expect(page.locator(".alert-flash")).to_be_visible()


def an_address_is_suppressed_and_let_go(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            target = f"never-{variant.file_name}@example.com"
            page.goto("/suppressions")
            page.locator("#target").fill(target)
            page.locator("main form.form .btn-primary").click()
            row = page.locator("tbody tr", has_text=target)
            expect(row).to_be_visible()
            browser.check(page, variant, "suppressed")
            row.locator("button").click()
            expect(page.locator("tbody tr", has_text=target)).to_have_count(0)


def _delete_and_bring_back(browser, page, variant, address):
    page.goto(f"/recipients?q={address}")
    page.locator("tbody input[type=checkbox]").first.check()
    page.locator("select[name=verb]").select_option("delete")
    page.locator(".bulk button").click()
    expect(page.locator(".alert-flash button")).to_be_visible()
    browser.check(page, variant, "recipient-deleted")
    page.goto("/recipients/trash")
    row = page.locator("tbody tr", has_text=address)
    expect(row).to_be_visible()
    browser.check(page, variant, "trash-full")
    row.locator("button").click()
    page.goto(f"/recipients?q={address}")
    expect(page.locator("tbody tr")).to_have_count(1)


def _error(variant):
    return re.compile("^Ошибка: " if variant.language == "ru" else "^Error: ")


def _first(browser, path, selector="tbody th a"):
    """The address of the first such link on a page."""
    with browser.page(WITH_SCRIPTS[0], user="anna") as page:
        page.goto(path)
        return page.locator(selector).first.get_attribute("href")
