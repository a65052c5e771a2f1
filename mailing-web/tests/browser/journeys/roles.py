"""Every page as everyone who may open it: none has a barrier that axe finds, none is too wide."""

import gzip
import itertools
import pathlib
import re

from browser import WITH_SCRIPTS, Variant
from mail import unsubscribe_link, wait_for_letter
from routes import pages

ASSETS = pathlib.Path(__file__).parents[3] / "assets"

USERS = {
    "guest": None,
    "other": "ben",
    "manager": "mira",
    "content": "carl",
    "admin": "alex",
    "owner": "anna",
}
"""The demo's users. Nobody of them is blocked: who is gets one page, which `managing` opens."""

FIRST_ANSWER_MOST = 14 * 1024
"""Bytes of a page, packed: what the first flight of a connection carries."""
FILES_MOST = 8 * 1024
"""Bytes of the stylesheet, and of all scripts together, packed."""

IN_ENGLISH = Variant("en", "light", 1280)


def every_page_holds_for_everyone_who_may_open_it(browser):
    addresses = _Addresses(browser)
    turns = itertools.cycle(WITH_SCRIPTS)
    visits = {}
    for route in pages():
        for role in route.roles:
            if role in USERS:
                variants = WITH_SCRIPTS if browser.full else [next(turns)]
                for variant in variants:
                    visits.setdefault((role, variant), []).append(route.path)
        # Else a page that all may open would always meet the same role in the same variant.
        next(turns)
    faults, count, largest = [], 0, (0, "")
    for (role, variant), routes in visits.items():
        with browser.page(variant, user=USERS[role]) as page:
            for route in routes:
                path = addresses.of(route)
                answer = page.goto(path)
                count += 1
                try:
                    assert answer.status == 200, f"{path}: {answer.status} ({variant})"
                    browser.check(page, variant)
                    browser.check_paper(page, path)
                    size = len(gzip.compress(answer.body()))
                    assert size <= FIRST_ANSWER_MOST, f"{path}: {size} bytes packed"
                    largest = max(largest, (size, path))
                except AssertionError as fault:
                    faults.append(f"{role}: {fault}")
    print(f"  {count} visits, {len({route.path for route in pages()})} pages")
    print(f"  the largest is {largest[1]}: {largest[0]} bytes packed")
    assert not faults, "\n".join(faults)


def stylesheet_and_scripts_are_small(browser):
    sizes = {".css": 0, ".js": 0}
    for file in ASSETS.iterdir():
        if file.suffix in sizes:
            sizes[file.suffix] += len(gzip.compress(file.read_bytes()))
    print(f"  packed: {sizes}")
    assert all(0 < size <= FILES_MOST for size in sizes.values()), sizes


class _Addresses:
    """The addresses of routes, with things of the demo in the place of their parameters."""

    def __init__(self, browser):
        self.browser = browser
        with browser.page(IN_ENGLISH, user="anna") as page:
            self.things = {
                "/recipients/imports/:id": _imported(page),
                "/recipients/import/:id": _upload(page),
                "/recipients/exports/:id": _export(page),
                "/recipients/:id": _first(page, "/recipients"),
                "/lists/:id": _first(page, "/lists", "tbody a[href$='/edit']").rsplit("/", 1)[0],
                "/messages/:id": _first(page, "/messages").rsplit("/", 1)[0],
                "/mailings/:id": _first(page, "/mailings?status=running"),
                "/runs/:id": _first(page, "/mailings", "tbody a[href^='/runs/']"),
                "/deliveries/:id": _first(page, "/log?state=failed"),
            }
            address = f"walk@{len(self.things)}.example"
            page.goto("/settings/senders")
            page.locator("#address").fill(address)
            page.locator("main form.form .btn-primary").click()
            remove = page.locator("main a[href$='/remove']").last.get_attribute("href")
            self.things["/settings/senders/:id"] = remove.removesuffix("/remove")
            verify = wait_for_letter(browser, page, address, "/verify/")
        with browser.page(IN_ENGLISH, user="carl") as page:
            editor = _first(page, "/content/posts?shelf=published")
            self.things["/content/posts/:id"] = editor.removesuffix("/edit")
            self.things["/blog/:slug"] = _first(page, "/blog", ".posts a")
        with browser.page(IN_ENGLISH, user="mira") as page:
            self.things["/manage/mailings/:id"] = _first(page, "/manage/mailings?q=anna")
            self.things["/manage/users/:id"] = _first(page, "/manage/users?q=ben")
        with browser.page(IN_ENGLISH, user="alex") as page:
            self.things["/manage/feedback/:id"] = _feedback(page)
        with browser.page(IN_ENGLISH) as page:
            page.goto("/password/reset")
            email, _ = browser.demo.user("anna")
            page.locator("#email").fill(email)
            page.locator("main .btn-primary").click()
            reset = wait_for_letter(browser, page, email, "/password/reset/")
        self.things |= {
            "/verify/:token": verify,
            "/password/reset/:token": reset,
            "/u/:token": unsubscribe_link(browser),
            "/confirmed/:what": "/confirmed/address",
        }

    def of(self, route):
        for start in sorted(self.things, key=len, reverse=True):
            if route == start or route.startswith(f"{start}/"):
                route = self.things[start] + route.removeprefix(start)
                break
        route = route.replace(":number", "1")
        assert ":" not in route, f"say in journeys/roles.py what stands in {route}"
        return route


def _feedback(page):
    """What somebody wrote on the contacts page."""
    page.goto("/contacts")
    page.locator("#feedback").fill("Is there a walk?")
    # Nobody writes faster.
    page.wait_for_timeout(3_500)
    page.locator("main .btn-primary").click()
    page.locator(".alert-flash").wait_for()
    return _first(page, "/manage/feedback?show=all")


def _imported(page):
    """An import that can be undone."""
    _upload(page)
    page.locator("main .btn-primary").click()
    page.locator("form[action$='/start'] button").click(timeout=60_000)
    undo = page.locator("a[href$='/undo']")
    undo.wait_for(timeout=60_000)
    return undo.get_attribute("href").removesuffix("/undo")


def _upload(page):
    """A file that waits for its columns to be named."""
    page.goto("/recipients/import")
    page.locator("#pasted").fill("email,name\nwalk@example.org,Walk")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/recipients/import/*")
    return re.search(r"/recipients/import/[0-9a-f-]{36}", page.url)[0]


def _export(page):
    """An export, which the demo's list would be too short for."""
    page.goto("/recipients")
    token = page.locator("input[name=csrf]").first.get_attribute("value")
    answer = page.request.post("/recipients/exports", form={"csrf": token})
    return re.search(r"/recipients/exports/[0-9a-f-]{36}", answer.url)[0]


def _first(page, path, selector="tbody th a"):
    page.goto(path)
    return page.locator(f"main {selector}").first.get_attribute("href").split("?")[0]
