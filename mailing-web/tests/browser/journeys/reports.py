"""An owner reads what came of the mailings, and what comes; a manager reads of everybody's."""

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]]


def reports_and_calendar_are_whole(browser):
    for path, user, name in [
        ("/reports", "anna", "reports"),
        ("/reports?since=2020-01-01&until=2020-01-31", "anna", "reports-empty"),
        ("/calendar", "anna", "calendar"),
        ("/manage/reports", "mira", "manage-reports"),
    ]:
        for page in browser.visit(path, user=user, name=name):
            expect(page.locator("main h1")).to_be_visible()


def mistakes_are_told_at_their_field(browser):
    for path in ["/reports?since=2026-03-02&until=2026-03-01", "/calendar?month=junk"]:
        for page in browser.visit(path, user="anna", name="reports-mistake", status=422):
            expect(page.locator(".error-summary a")).to_be_visible()


def a_period_is_chosen_and_kept_as_a_file(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="anna") as page:
            page.goto("/overview")
            page.locator("main a[href='/reports']").click()
            expect(page.locator("main .chart svg")).to_be_visible()
            page.locator("main section details summary").first.click()
            assert page.locator("main section details tbody tr").count() == 30
            page.locator("main > details summary").click()
            page.locator("#until").fill("")
            page.locator("#since").fill(_day_before(page))
            page.locator("main .filters .btn").click()
            expect(page.locator("main .filters #since")).to_be_visible()
            browser.check(page, variant, "reports-days")
            page.locator("main .nav-tabs a").last.click()
            with page.expect_download() as download:
                page.locator("main .actions a").click()
            text = download.value.path().read_text(encoding="utf-8-sig")
            assert text.startswith('"day","mailing","runs"'), text[:80]
            assert text.count("\n") > 1, "the file has no mailing"


def a_mailing_is_made_for_a_day_of_the_calendar(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="anna") as page:
            page.goto("/calendar")
            page.locator("main .actions a").nth(1).click()
            expect(page.locator("main .month li").first).to_be_visible()
            day = page.locator("main .month td:has(li) p a").first
            date = day.get_attribute("href").split("date=")[1]
            day.click()
            start = page.locator("[name='windows.0.start_date']")
            assert str(int(date[-2:])) in start.input_value(), start.input_value()
            expect(page.locator("input[name=when][value=planned]")).to_be_checked()


def _day_before(page):
    """The first day that the form shows: another way to write the same range."""
    return page.locator("#since").input_value()
