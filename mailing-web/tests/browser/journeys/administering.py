"""An administrator's day: settings, what a guest then reads and writes, the answer, roles, the system."""

import re
import urllib.parse

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, Variant
from mail import wait_for_letter
from playwright.sync_api import expect

WRITES = 3_500
"""Milliseconds that nobody writes faster in."""
OFFICE = "office@example.org"

VARIANTS = [
    WITH_SCRIPTS[0],
    WITHOUT_SCRIPTS[0],
    WITH_SCRIPTS[3],
    Variant("ru", "light", 360, scripts=False),
]
"""Both languages, each with and without scripts."""


def the_pages_are_whole(browser):
    browser.visit_all(
        [
            ("/manage/feedback", "feedback-empty"),
            ("/manage/settings", "instance-settings"),
            ("/system", "system"),
            ("/overview", "administrator-overview"),
        ],
        user="alex",
    )
    for page in browser.visit("/contacts", name="contacts-bare"):
        expect(page.locator("main form.form")).to_be_visible()
    for page in browser.visit("/contacts", user="anna", name="contacts-signed-in"):
        expect(page.locator("#email")).to_have_value(re.compile("anna@"))
    for page in browser.visit("/system", user="mira", status=403):
        expect(page.locator("main a")).not_to_have_count(0)


def settings_are_looked_at_and_saved(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="alex") as page:
            page.goto("/manage/settings")
            page.locator("#contact_address").fill("nobody")
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary a")).to_have_count(1)
            browser.check(page, variant, "instance-wrong")
            page.locator("#contact_address").fill(OFFICE)
            page.locator("#contact_text_ru").fill(
                "# Мы на связи\n\nС понедельника по пятницу, с 9:00 до 18:00.\n\n"
                "- Москва, улица Почтовая, 1\n- [Как проехать](https://example.org/)"
            )
            page.locator("#contact_text_en").fill(
                "# We are here\n\nMonday to Friday, 9:00 to 18:00.\n\n"
                "- 1 Post Street, Moscow\n- [How to find us](https://example.org/)"
            )
            page.locator("button[name=then]").click()
            expect(page.locator(".prose")).to_have_count(2)
            browser.check(page, variant, "instance-looked")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_be_visible()


def a_guest_writes_and_gets_an_answer(browser):
    for variant in VARIANTS:
        writer = f"guest-{variant.file_name}@example.org"
        with browser.page(variant) as page:
            page.goto("/contacts")
            expect(page.locator(".prose h2")).to_have_count(1)
            expect(page.locator("main a.addr")).to_have_text(OFFICE)
            page.locator("#email").fill(writer)
            page.wait_for_timeout(WRITES)
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary a")).to_have_count(2)
            browser.check(page, variant, "contacts-wrong")
            expect(page.locator("#email")).to_have_value(writer)
            page.locator("#writer").fill("Гость <b>Guest</b>")
            page.locator("#phone").fill("+7 495 123-45-67")
            page.locator("#feedback").fill(f"Первая строка {variant.file_name}\nSecond line")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash")).to_contain_text(writer)
            browser.check(page, variant, "contacts-sent")
        with browser.page(variant, user="alex") as page:
            search = urllib.parse.quote(writer)
            page.goto(f"/manage/feedback?q={search}")
            expect(page.locator("main tbody tr")).to_have_count(1)
            browser.check(page, variant, "feedback")
            page.locator("main tbody th a").click()
            expect(page.locator(".lines")).to_contain_text("Second line")
            browser.check(page, variant, "feedback-one")
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-flash button")).to_be_visible()
            browser.check(page, variant, "feedback-answered")
            page.locator("form[action$='/delete'] button").click()
            page.locator(".alert-flash button").click()
            expect(page.locator("h1")).to_contain_text("Guest")
        with browser.page(Variant("en", "light", 1280)) as page:
            wait_for_letter(browser, page, OFFICE, "/manage/feedback/")


def the_system_is_looked_at_again(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="alex") as page:
            page.goto("/system")
            expect(page.locator("main tbody tr").first).to_be_visible()
            page.locator("main .page-head button").click()
            page.wait_for_url("**/system")
            expect(page.locator("main .checklist li")).not_to_have_count(0)
            browser.check(page, variant, "system-checked")
