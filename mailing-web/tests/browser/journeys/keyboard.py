"""Everything an owner and a manager do, by keyboard alone: on a desktop, and on a phone's width with its
menu. The driver looks at every stop that the focus is seen, free, and led on by Tab."""

import re

from browser import Variant
from keys import Keys
from mail import wait_for_letter
from operate import SLOW, operate, slow_mailing
from playwright.sync_api import expect

WIDE = Variant("en", "light", 1280)
PHONE = Variant("en", "dark", 360)
VARIANTS = [WIDE, PHONE]

PASSWORD = "crooked teapot sings 7"


def a_newcomer_gets_to_the_first_run(browser):
    for variant in VARIANTS:
        email = f"keys-{variant.file_name}@example.net"
        with browser.page(variant) as page:
            keys = Keys(page)
            page.goto("/")
            keys.open("Create account")
            keys.fill("E-mail", email)
            keys.fill("Password", PASSWORD)
            keys.open("Create account")
            # The link is opened from a mail.
            page.goto(wait_for_letter(browser, page, email, "/verify/"))
            keys.open("Confirm address")
            page.wait_for_url("**/recipients/import")
            keys.fill("Or paste rows", f"one.{email}\ntwo.{email}")
            keys.open("Continue")
            keys.open("Check")
            keys.open("Import 2")
            keys.open("Write a message")
            keys.fill("Subject", f"By keys {variant.file_name}")
            keys.fill("Text", "Hello!")
            keys.open("Save and send")
            keys.open("Review")
            keys.open("Launch mailing")
            expect(page.locator(".alert-flash")).to_be_visible()
            print(f"  {variant}: {keys.stops} stops")


def a_recipient_is_added_deleted_and_brought_back(browser):
    for variant in VARIANTS:
        email = f"key-{variant.file_name}@example.org"
        with browser.page(variant, user="ben") as page:
            keys = Keys(page)
            page.goto("/overview")
            _choose(keys, variant, "Recipients")
            keys.open("Add recipient")
            keys.open("Add recipient")
            expect(page.locator(".error-summary")).to_be_focused()
            keys.use("E-mail")
            expect(page.locator("#email")).to_be_focused()
            keys.fill("E-mail", email)
            keys.fill("Full name", "Keyboard")
            keys.open("Add recipient")
            expect(page.locator(".alert-flash")).to_contain_text(email)
            page.goto(f"/recipients?q={email}")
            keys.open(email)
            keys.open("Edit")
            keys.fill("Comment", "Has no mouse")
            keys.open("Save")
            keys.open("Delete")
            keys.open("Undo")
            expect(page.locator(".alert-flash")).to_be_visible()
            page.goto(f"/recipients?q={email}")
            keys.tick(f"Select {email}")
            keys.choose("With recipients", "Delete")
            keys.open("Apply")
            keys.open("Undo")


def lists_and_the_suppression_list_are_kept(browser):
    for variant in VARIANTS:
        name = f"Keys {variant.file_name}"
        with browser.page(variant, user="ben") as page:
            keys = Keys(page)
            page.goto("/lists")
            keys.open("Create list")
            keys.fill("Name", name)
            keys.open("Save")
            keys.open(f"Delete… {name}")
            keys.open("Delete list")
            page.goto("/suppressions")
            keys.fill("Address or domain", f"{variant.file_name}.example")
            keys.open("Add to suppression list")
            keys.open("Undo")


def a_message_is_written_looked_at_and_deleted(browser):
    for variant in VARIANTS:
        subject = f"Typed {variant.file_name}"
        with browser.page(variant, user="ben") as page:
            keys = Keys(page)
            page.goto("/messages")
            keys.open("New message")
            keys.fill("Subject", subject)
            keys.fill("Text", "# Hello")
            keys.open("Save")
            expect(page.locator(".alert-flash")).to_be_visible()
            keys.open("Recipient…")
            keys.open("History")
            keys.open(subject)
            keys.open("Delete message")
            keys.open("Undo")


def a_mailing_is_planned_changed_and_deleted(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            keys = Keys(page)
            page.goto("/mailings")
            keys.open("Create mailing")
            keys.to("As soon as it is launched")
            page.keyboard.press("ArrowDown")
            keys.fill("Date", "2031-03-10")
            keys.fill("Time", "09:00")
            keys.choose("Repeat", "Every week")
            keys.open("Recalculate")
            expect(page.locator("#forecast .rows li").first).to_be_visible()
            keys.open("Save draft")
            keys.open("Delete…")
            keys.open("Delete mailing")
            keys.open("Undo")


def a_run_is_held_let_go_on_and_finished(browser):
    for variant in VARIANTS:
        address = browser.demo.user("ben")[0]
        mailing = slow_mailing(browser.demo, address, f"Held {variant.file_name}", SLOW)
        with browser.page(variant, user="ben") as page:
            keys = Keys(page)
            page.goto(f"/mailings/{mailing}")
            keys.open("Send now")
            keys.open("Send now")
            page.wait_for_url("**/runs/*")
            keys.open("Pause")
            expect(page.locator("#live-state .i-paused")).to_be_visible(timeout=15_000)
            keys.open("Resume")
            expect(page.locator("#live-state .i-running")).to_be_visible(timeout=15_000)
            keys.open("Finish early")
            keys.open("Finish mailing")
            expect(page.locator("main .i-finished").first).to_be_visible()
        operate(browser.demo, "rates", "set", address, "60 per minute")


def a_manager_holds_a_mailing_and_its_owner(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="mira") as page:
            keys = Keys(page)
            page.goto("/overview")
            _choose(keys, variant, "All mailings")
            keys.fill("Search", "Spring sale")
            page.keyboard.press("Enter")
            page.wait_for_url("**q=Spring*")
            keys.open("Disable… Spring sale")
            keys.fill("Reason", "Complaints of readers")
            keys.open("Disable mailing")
            expect(page.locator(".alert-flash")).to_be_visible()
            keys.open("Enable…")
            keys.open("Enable mailing")
            expect(page.locator(".alert-flash")).to_be_visible()
            _choose(keys, variant, "Users")
            keys.open("Block… carl@example.com")
            keys.fill("Reason", "Complaints of readers")
            keys.open("Block")
            keys.open("Unblock")
            keys.open("Unblock")
            expect(page.locator(".alert-flash")).to_be_visible()
    browser.forget("carl")


def the_menu_of_a_phone_opens_by_key_and_closes_by_escape(browser):
    with browser.page(PHONE, user="anna") as page:
        keys = Keys(page)
        page.goto("/overview")
        keys.use("Menu")
        expect(page.locator("#menu")).to_be_visible()
        keys.to("Messages")
        page.keyboard.press("Escape")
        expect(page.locator("#menu")).to_be_hidden()
        expect(page.locator(".menu-open")).to_be_focused()


def the_help_is_a_key_away_and_the_key_can_be_turned_off(browser):
    for variant in (WIDE, Variant("ru", "dark", 360)):
        with browser.page(variant, user="anna") as page:
            page.goto("/messages/new")
            page.locator("#subject").focus()
            page.keyboard.type("Why?")
            expect(page.locator("#subject")).to_have_value("Why?")
            page.locator("h1").click()
            with page.context.expect_page() as beside:
                page.keyboard.press("?")
            beside.value.wait_for_url("**/help")
            beside.value.close()
            expect(page.locator("#subject")).to_have_value("Why?")
            page.goto("/mailings")
            page.keyboard.press("?")
            page.wait_for_url("**/help")
            browser.check(page, variant, "help")
            page.locator("button[name=key]").click()
            browser.check(page, variant, "help-key-off")
            page.goto("/mailings")
            page.keyboard.press("?")
            expect(page).to_have_url(re.compile("/mailings$"))
            page.goto("/help")
            page.locator("button[name=key]").click()
            page.goto("/mailings")
            page.keyboard.press("?")
            page.wait_for_url("**/help")


def _choose(keys, variant, entry):
    """An entry of the menu."""
    if variant.width < 1024:
        keys.use("Menu")
    keys.open(entry)
