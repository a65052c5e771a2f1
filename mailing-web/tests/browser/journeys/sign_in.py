"""An owner signs in and out, by mouse, by keyboard, without scripts."""

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from playwright.sync_api import expect


def the_form_is_one_that_a_password_manager_fills(browser):
    for page in browser.visit("/login", name="login"):
        expect(page.locator("#email")).to_have_attribute("autocomplete", "username")
        expect(page.locator("#password")).to_have_attribute("autocomplete", "current-password")


def a_password_can_be_looked_at(browser):
    with browser.page(WITH_SCRIPTS[1]) as page:
        page.goto("/login")
        field = page.locator("#password")
        page.locator("[data-shows] input").check()
        expect(field).to_have_attribute("type", "text")
        page.locator("[data-shows] input").uncheck()
        expect(field).to_have_attribute("type", "password")
    with browser.page(WITHOUT_SCRIPTS[1]) as page:
        page.goto("/login")
        expect(page.locator("[data-shows]")).to_be_hidden()


def a_wrong_password_keeps_the_address_and_names_the_fault(browser):
    for variant in [WITH_SCRIPTS[1], WITHOUT_SCRIPTS[1]]:
        with browser.page(variant) as page:
            email, _ = browser.demo.user("anna")
            sign_in(page, email, "not the password")
            expect(page.locator(".error-summary")).to_be_visible()
            expect(page.locator("#email")).to_have_value(email)
            expect(page.locator("#password")).to_have_value("")
            browser.check(page, variant, "login-refused")


def an_owner_signs_in_and_out_without_scripts(browser):
    for variant in WITHOUT_SCRIPTS:
        with browser.page(variant) as page:
            sign_in(page, *browser.demo.user("anna"))
            page.wait_for_url("**/overview")
            page.goto("/overview")
            if variant.width < 1024:
                page.locator(".menu-open").click()
            page.locator("form[action='/logout'] button").click()
            response = page.goto("/mailings")
            assert "/login" in response.url, f"still signed in: {response.url}"


def an_owner_signs_in_by_keyboard_alone(browser):
    email, password = browser.demo.user("anna")
    with browser.page(WITH_SCRIPTS[0]) as page:
        page.goto("/login")
        expect(page.locator("#email")).to_be_focused()
        page.keyboard.type(email)
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/overview")


def the_page_that_was_wanted_follows(browser):
    with browser.page(WITHOUT_SCRIPTS[0]) as page:
        page.goto("/mailings")
        page.locator("#email").fill(browser.demo.user("anna")[0])
        page.locator("#password").fill(browser.demo.user("anna")[1])
        page.locator("main form button.btn-primary").click()
        page.wait_for_url("**/mailings")


def whoever_is_signed_in_keeps_language_and_theme(browser):
    for variant in WITHOUT_SCRIPTS:
        with browser.page(variant, user="ben") as page:
            page.goto("/overview")
            other = "en" if variant.language == "ru" else "ru"
            for button in [f"[name=lang][value={other}]", "[name=theme]:visible"]:
                if variant.width < 1024:
                    page.locator(".menu-open").click()
                page.locator(f".menu button{button}").click()
            page.goto("/mailings")
            html = page.locator("html")
            expect(html).to_have_attribute("lang", other)
            theme = "light" if variant.theme == "dark" else "dark"
            expect(html).to_have_attribute("data-bs-theme", theme)


def focus_is_seen_wherever_the_keyboard_leads(browser):
    with browser.page(WITH_SCRIPTS[0], user="anna") as page:
        for path in ["/overview", "/mailings", "/system/outbox"]:
            page.goto(path)
            page.keyboard.press("Tab")
            expect(page.locator(".skip")).to_be_focused()
            for _ in range(min(20, page.locator("a:visible, button:visible").count()) - 1):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", page.evaluate("document.activeElement.outerHTML")
                page.keyboard.press("Tab")
