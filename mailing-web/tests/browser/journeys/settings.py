"""Somebody keeps the own account: profile, signing in, senders, what was done, the end."""

import re
import struct
import zlib

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITH_SCRIPTS[1], *WITHOUT_SCRIPTS]

PAGES = [
    ("/settings", "settings"),
    ("/settings/picture", "settings-picture"),
    ("/settings/security", "security"),
    ("/settings/password", "settings-password"),
    ("/settings/address", "settings-address"),
    ("/settings/senders", "senders"),
    ("/settings/activity", "activity"),
    ("/settings/account", "account"),
    ("/settings/delete", "account-delete"),
    ("/settings/code/off", "code-off"),
]


def the_pages_of_the_settings_are_whole(browser):
    browser.visit_all(PAGES, user="anna")


def the_profile_is_changed(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            page.goto("/settings")
            zone = page.locator("#zone")
            before = zone.input_value()
            zone.fill("Nowhere/At-all")
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary a")).to_be_visible()
            expect(zone).to_have_value("Nowhere/At-all")
            browser.check(page, variant, "settings-error")
            zone.fill(before)
            page.locator("main .btn-primary").click()
            expect(page.locator(".alert-success, .alert-flash").first).to_be_visible()


def a_photo_phone_and_country_are_put_in_and_taken_back(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            page.goto("/settings")
            expect(page.locator("img.avatar")).to_have_count(0)
            page.locator("main a[href='/settings/picture']").click()
            page.locator("#picture").set_input_files(
                {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg/>"}
            )
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary a")).to_be_visible()
            browser.check(page, variant, "settings-picture-error")
            page.locator("#picture").set_input_files(
                {"name": "me.png", "mimeType": "image/png", "buffer": _photo()}
            )
            page.locator("main .btn-primary").click()
            photo = page.locator("main img.avatar")
            expect(photo).to_be_visible()
            assert photo.evaluate("image => image.naturalWidth") == 256
            page.locator("#phone").fill("+7 (495) 123-45-67")
            page.locator("#country").select_option("RU")
            page.locator("main .btn-primary").click()
            expect(page.locator("#country")).to_have_value("RU")
            browser.check(page, variant, "settings-photo")
            page.goto("/settings/picture")
            browser.check(page, variant, "settings-picture")
            page.locator("main a[href='/settings/picture/remove']").click()
            page.locator("main .btn-danger").click()
            expect(page.locator("img.avatar")).to_have_count(0)


def _photo():
    """A PNG of 400 x 300 pixels, a diagonal of colour."""
    rows = b"".join(
        b"\0" + bytes(c for x in range(400) for c in (x * 255 // 400, y * 255 // 300, 128))
        for y in range(300)
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 400, 300, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_wrong_password_changes_nothing(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            page.goto("/settings/password")
            page.locator("#current").fill("certainly not this one")
            page.locator("#new, #password").first.fill("crooked teapot sings 7")
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary").first).to_be_visible()
            expect(page).to_have_title(re.compile("^(Ошибка|Error): "))
            browser.check(page, variant, "settings-password-error")


def sign_in_by_code_is_set_up_and_left(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            page.goto("/settings/security")
            page.locator("form[action='/settings/code'] button").click()
            expect(page.locator("svg.qr")).to_be_visible()
            browser.check(page, variant, "code-setup")
            page.locator("#code").fill("000000")
            page.locator("main .btn-primary").click()
            expect(page.locator(".error-summary").first).to_be_visible()
            browser.check(page, variant, "code-error")


def another_browser_is_signed_out(browser):
    variant = WITHOUT_SCRIPTS[0]
    with browser.page(variant) as other:
        sign_in(other, *browser.demo.user("ben"))
        with browser.page(variant, user="ben") as page:
            page.goto("/settings/security")
            browser.check(page, variant, "sessions")
            ends = page.locator("form[action='/settings/sessions/end'] button")
            count = ends.count()
            assert count >= 1, "the other browser is not listed"
            page.locator("form[action='/settings/sessions/end-others'] button").click()
            expect(ends).to_have_count(0)
        # The pages that other steps would take up again were ended, too.
        browser.forget("ben")
        other.goto("/overview")
        expect(other).to_have_url(re.compile("/login"))


def a_sender_waits_for_its_letter_and_is_removed(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            address = f"shop-{variant.file_name}@example.com"
            page.goto("/settings/senders")
            page.locator("#address").fill(address)
            page.locator("main form.form .btn-primary").click()
            row = page.locator("main li", has_text=address)
            expect(row.locator("form[action$='/resend']")).to_be_visible()
            browser.check(page, variant, "sender-waits")
            row.locator("a[href$='/remove']").click()
            browser.check(page, variant, "sender-remove")
            page.locator("main .btn-danger").click()
            expect(page.locator("main li", has_text=address)).to_have_count(0)


def the_account_is_not_deleted_without_its_word(browser):
    with browser.page(WITH_SCRIPTS[1], user="ben") as page:
        page.goto("/settings/delete")
        page.locator("main .btn-danger").click()
        expect(page.locator(".error-summary").first).to_be_visible()
        browser.check(page, WITH_SCRIPTS[1], "account-delete-error")
