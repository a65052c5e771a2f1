"""A stranger sees what the service is and how it is doing."""

from browser import Variant
from playwright.sync_api import expect


def three_counts_are_shown(browser):
    for page in browser.visit("/", name="home"):
        counts = page.locator("main section .stats > *")
        expect(counts).to_have_count(3)
        for count in counts.all():
            assert any(c.isdigit() for c in count.inner_text()), count.inner_text()


def one_primary_button_leads_to_an_account(browser):
    for page in browser.visit("/"):
        button = page.locator("main .btn-primary")
        expect(button).to_have_count(1)
        button.click()
        page.wait_for_url("**/register")


def language_and_theme_are_switched_without_scripts(browser):
    with browser.page(Variant("en", "light", 1280, scripts=False)) as page:
        page.goto("/")
        page.locator("button[name=lang][value=ru]").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        page.locator("button[name=theme][value=dark]").first.click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def a_page_that_is_not_there_says_so(browser):
    for page in browser.visit("/no/such/page", name="not-found", status=404):
        expect(page.locator("main a").first).to_be_visible()
