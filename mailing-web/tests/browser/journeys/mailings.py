"""An owner looks at own mailings and at what became of them."""

import functools

from browser import WITH_SCRIPTS
from playwright.sync_api import expect

STATES = ["i-running", "i-created", "i-paused", "i-disabled", "i-finished"]


def the_overview_has_own_numbers(browser):
    for page in browser.visit("/overview", user="anna", name="overview"):
        expect(page.locator("main .stat dd").first).to_have_text("7")
        assert page.locator("main .rows li").count() >= 2, "nothing is planned"


def the_list_shows_mailings_of_every_status(browser):
    for page in browser.visit("/mailings", user="anna", name="mailings"):
        for state in STATES:
            expect(page.locator(f"main tbody .{state}").first).to_be_visible()
        assert "{{" not in page.locator("main").inner_text(), "a mailing shows a variable"


def a_mailing_and_its_runs_are_read(browser):
    # The one that is being sent, the disabled one with its reason, the weekly one.
    paths = _mailings(browser, "anna")
    for number in [0, 4, 6]:
        path = paths[number]
        for page in browser.visit(path, user="anna", name=f"mailing-{number}"):
            expect(page.locator("main .lead .badge")).to_be_visible()


def a_run_tells_its_numbers_and_causes(browser):
    for page in browser.visit(_past_run(browser), user="anna", name="run"):
        expect(page.locator("main .bar")).to_be_visible()
        planned = sum(int(number) for number in page.locator("main .stat dd").all_inner_texts())
        assert planned == 60, planned
        causes = page.locator("main section table").first.locator("tbody tr")
        assert causes.count() >= 1, "the run tells no cause"


def a_mailing_of_somebody_else_is_not_found(browser):
    for path in [_mailings(browser, "ben")[0], _past_run(browser, "ben")]:
        for page in browser.visit(path, user="anna", name="not-found-inside", status=404):
            expect(page.locator("main a.btn")).to_be_visible()


@functools.cache
def _past_run(browser, user="anna"):
    """The address of the run that is the longest ago."""
    runs = _links(browser, _mailings(browser, user)[-1], "/runs/", user)
    assert runs, "the oldest mailing of the demo has no run"
    return runs[-1]


@functools.cache
def _mailings(browser, user):
    paths = _links(browser, "/mailings", "/mailings/", user)
    assert paths, "the demo has no mailings"
    return paths


def _links(browser, path, start, user):
    """Addresses of the links in the main part of a page that begin so, each once."""
    with browser.page(WITH_SCRIPTS[0], user=user) as page:
        page.goto(path)
        links = [a.get_attribute("href") for a in page.locator(f"main a[href^='{start}']").all()]
    things = [link for link in links if "?" not in link and not link.endswith("/new")]
    return list(dict.fromkeys(things))
