"""An owner looks at own mailings and at what became of them."""

from browser import WITH_SCRIPTS
from playwright.sync_api import expect


def the_overview_has_own_numbers(browser):
    for page in browser.visit("/overview", role="owner", name="overview"):
        expect(page.locator("main")).not_to_be_empty()


def the_list_shows_mailings_of_every_status(browser):
    for page in browser.visit("/mailings", role="owner", name="mailings"):
        assert page.locator("main tbody tr").count() >= 3, "the demo has too few mailings"
        assert page.locator("main tbody .badge").count() >= 3, "a mailing shows no status"


def a_mailing_and_its_runs_are_read(browser):
    for path in _mailings(browser)[:4]:
        for page in browser.visit(path, role="owner", name="mailing"):
            expect(page.locator("main .badge").first).to_be_visible()


def a_run_tells_its_numbers_and_causes(browser):
    runs = []
    for mailing in _mailings(browser):
        runs += _links(browser, mailing, "/runs/")[:2]
    assert runs, "no mailing of the demo has a run"
    for path in runs[:3]:
        for page in browser.visit(path, role="owner", name="run"):
            expect(page.locator("main .stats, main .bar").first).to_be_visible()


def a_mailing_that_is_not_ones_own_is_not_found(browser):
    path = _mailings(browser)[0]
    other = path[:-1] + ("1" if path.endswith("0") else "0")
    for _ in browser.visit(other, role="owner", status=404):
        pass


def _mailings(browser):
    paths = _links(browser, "/mailings", "/mailings/")
    assert paths, "the demo has no mailings"
    return paths


def _links(browser, path, start):
    """Addresses of the links in the main part of a page that begin so, each once."""
    with browser.page(WITH_SCRIPTS[0], role="owner") as page:
        page.goto(path)
        links = [a.get_attribute("href") for a in page.locator(f"main a[href^='{start}']").all()]
    return list(dict.fromkeys(link for link in links if "?" not in link))
