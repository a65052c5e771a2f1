"""The visitor of the demo sees a mailing fire by itself and reads its mail."""

from browser import WITH_SCRIPTS
from mail import BY_ITSELF, FIRES_WITHIN, OUTBOX, wait_for_mail
from playwright.sync_api import expect


def a_mailing_fires_within_a_minute_of_the_start(browser):
    wait_for_mail(browser)


def its_run_stands_with_the_mailing(browser):
    with browser.page(WITH_SCRIPTS[0], user="anna") as page:
        page.goto("/mailings")
        mailing = page.locator("main tbody a", has_text=BY_ITSELF).get_attribute("href")
        run = page.locator("main tbody a[href^='/runs/']")
        browser.wait(page, mailing, lambda _: run.count(), FIRES_WITHIN, "no run of the mailing")
        delivered = page.locator("main .stat", has=page.locator(".i-delivered")).locator("dd")
        browser.wait(
            page,
            run.get_attribute("href"),
            lambda _: int(delivered.inner_text()) > 0,
            FIRES_WITHIN,
            "nothing was delivered",
        )


def the_outbox_is_one_click_away(browser):
    for page in browser.visit("/"):
        page.locator(f"a[href='{OUTBOX}']").click()
        page.wait_for_url(f"**{OUTBOX}")


def the_outbox_lists_the_mails(browser):
    for page in browser.visit(OUTBOX, name="outbox"):
        assert page.locator("main tbody tr").count() >= 1


def a_mail_is_readable(browser):
    for page in browser.visit(wait_for_mail(browser), name="mail"):
        expect(page.locator("main pre").first).not_to_be_empty()
        body = page.locator("main").inner_text()
        assert "{{" not in body, "a variable was not filled in"
