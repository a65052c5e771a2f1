"""Pages that follow something say when they no longer do, and go on by themselves: the service is stopped
and started again in the middle of a run, the line is cut beside an import, a form, an editor. And while
all is well, a page is never further than two seconds behind the ledger."""

import re
import signal
import sqlite3
import time

from browser import WITH_SCRIPTS, Variant, sign_in
from operate import SLOW, slow_mailing
from playwright.sync_api import expect
from service import PASSWORD, Service

BEHIND_MOST = 2.0
"""Seconds from the ledger's commit to the number on the page."""

BACK_WITHIN = 30_000
"""Milliseconds until a page has noticed that the service is back."""

OWNER = "owner@example.org"

LOST = re.compile(r"connection|does not answer|[Сс]вяз|не отвечает")
CLOCK = re.compile(r"\b\d\d:\d\d\b")
GONE = "ERR_"
"""What the browser itself writes about a line that is cut."""

OBSERVE = """
() => {
  window.shown = [];
  new MutationObserver(() => {
    const strong = document.querySelector(".bar-head strong");
    if (!strong) return;
    const done = parseInt(strong.textContent, 10);
    if (done !== window.shown.at(-1)?.[1]) window.shown.push([Date.now() / 1000, done]);
  }).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""


def a_run_that_is_followed_says_that_it_lost_the_service_and_goes_on(browser):
    turns = [(WITH_SCRIPTS[0], signal.SIGTERM), (WITH_SCRIPTS[1], signal.SIGKILL)]
    for variant, end in turns:
        with Service(browser.demo.program) as service:
            with browser.page(variant, url=service.url) as page:
                _sends(service, page, variant)
                done = page.locator(".bar-head strong")
                expect(done).not_to_have_text(re.compile("^0 "), timeout=30_000)
                page.evaluate("window.sameDocument = true")
                service.stop(end)
                lost = page.locator("#lost.alert-warning")
                expect(lost).to_contain_text(LOST)
                assert CLOCK.search(lost.inner_text()), "since when is not said"
                before = done.inner_text()
                browser.check(page, variant, "run-lost")
                service.start()
                expect(page.locator("#lost.alert-success")).to_be_visible(timeout=BACK_WITHIN)
                expect(done).not_to_have_text(before, timeout=90_000)
                assert page.evaluate("window.sameDocument"), "the page was read anew"
                browser.check(page, variant, "run-back")
        _forgive(browser)


def a_page_of_a_run_is_at_most_two_seconds_behind_the_ledger(browser):
    with Service(browser.demo.program) as service:
        with browser.page(WITH_SCRIPTS[0], url=service.url) as page:
            _sends(service, page, WITH_SCRIPTS[0])
            page.evaluate(OBSERVE)
            kept = _ledger(service, page, seconds=12.0)
            page.wait_for_timeout(2_500)
            shown = page.evaluate("window.shown")
    assert len(kept) >= 10, f"the ledger moved {len(kept)} times"
    behind = [_delay(at, done, shown) for at, done in kept]
    print(f"  {len(kept)} steps of the ledger, at most {max(behind):.2f} s behind")
    assert max(behind) <= BEHIND_MOST, behind


def an_import_that_is_followed_says_that_it_lost_the_service(browser):
    variant = WITH_SCRIPTS[1]
    rows = "".join(f"r{n}@lost.example,{'x' * 60}\n" for n in range(60_000))
    with browser.page(variant, user="ben") as page:
        page.goto("/recipients/import")
        buffer = f"email,comment\n{rows}".encode()
        file = {"name": "large.csv", "mimeType": "text/csv", "buffer": buffer}
        page.locator("#file").set_input_files(file)
        page.locator("main .btn-primary").click()
        page.locator("main .btn-primary").click()
        expect(page.locator("#progress")).to_be_visible()
        page.context.set_offline(True)
        lost = page.locator("#lost.alert-warning")
        expect(lost).to_contain_text(LOST)
        assert CLOCK.search(lost.inner_text()), "since when is not said"
        page.context.set_offline(False)
        back = page.locator("#lost.alert-success, form[action$='/start']")
        expect(back.first).to_be_visible(timeout=BACK_WITHIN)
        expect(page.locator("form[action$='/start']")).to_be_visible(timeout=120_000)
    _forgive(browser)


def what_is_typed_is_not_lost_with_the_line(browser):
    for variant in (WITH_SCRIPTS[0], WITH_SCRIPTS[1]):
        with browser.page(variant, user="ben") as page:
            page.goto("/messages/new")
            page.locator("#subject").fill(f"Cut off {variant.file_name}")
            page.locator("#body").fill("Hello")
            page.locator("main .btn-primary").click()
            page.context.set_offline(True)
            page.locator("#body").fill("Typed while nobody answered")
            expect(page.locator("#lost.alert-warning")).to_contain_text(LOST, timeout=15_000)
            browser.check(page, variant, "editor-lost")
            page.context.set_offline(False)
            expect(page.locator("#lost.alert-success")).to_be_visible(timeout=BACK_WITHIN)
            expect(page.locator("#autosaved")).not_to_be_empty()
            page.reload()
            expect(page.locator("#body")).to_have_value("Typed while nobody answered")
            # Refused, as by a session that has ended: the words lead to the button.
            page.evaluate("document.querySelector('#editor [name=csrf]').value = 'x'")
            page.locator("#body").fill("Typed without a session")
            lost = page.locator("#lost.alert-warning")
            expect(lost).to_contain_text(re.compile("Save|Сохранить"), timeout=15_000)
            expect(page.locator("#body")).to_have_value("Typed without a session")
    _forgive(browser)


def a_forecast_that_cannot_be_told_says_so(browser):
    for variant in (WITH_SCRIPTS[2], Variant("en", "light", 360)):
        with browser.page(variant, user="anna") as page:
            page.goto("/mailings/new")
            page.locator("input[name=when][value=planned]").check()
            page.context.set_offline(True)
            page.locator("select[name='windows.0.repeat']").select_option("daily")
            expect(page.locator("#lost.alert-warning")).to_contain_text(LOST)
            browser.check(page, variant, "forecast-lost")
            page.context.set_offline(False)
            page.locator("select[name='windows.0.repeat']").select_option("weekly")
            expect(page.locator("#lost.alert-success")).to_be_visible()
            expect(page.locator("#forecast li")).to_have_count(6)
    _forgive(browser)


def _sends(service, page, variant):
    """An owner's run that goes slowly, its page open."""
    service.user(OWNER)
    mailing = slow_mailing(service, OWNER, "Followed", SLOW, recipients=200)
    sign_in(page, OWNER, PASSWORD)
    page.wait_for_url("**/overview")
    if page.locator("html").get_attribute("lang") != variant.language:
        if variant.width < 1024:
            page.locator(".menu-open").click()
        page.locator(f".menu button[name=lang][value={variant.language}]").click()
    page.goto(f"/mailings/{mailing}/send")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/runs/*")
    expect(page.locator("#live-state .i-running")).to_be_visible(timeout=30_000)


def _ledger(service, page, seconds):
    """Each step of the run's sums in the database: when it was first seen there, and the sum."""
    file = next(service.folder.glob("**/*.db"))
    store = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    kept = []
    until = time.time() + seconds
    while time.time() < until:
        asked = time.time()
        (done,) = store.execute("SELECT planned - pending FROM runs").fetchone()
        if not kept or kept[-1][1] != done:
            kept.append((asked, done))
        page.wait_for_timeout(50)
    store.close()
    # What stood there before anybody looked came at an unknown time.
    return kept[1:]


def _delay(at, done, shown):
    """Seconds until the page told of a step of the ledger."""
    seen = [when for when, number in shown if number >= done]
    assert seen, f"the page never told of {done}: {shown}"
    return max(0.0, seen[0] - at)


def _forgive(browser):
    """The browser complains about lines that were cut on purpose; about nothing else."""
    others = [said for said in browser.take_complaints() if GONE not in said]
    assert not others, "\n".join(others)
