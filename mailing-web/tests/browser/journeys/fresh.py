"""A fresh instance: no demo, no people. The first page says how an administrator is made; the command
does it; the overview leads on."""

import subprocess

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from playwright.sync_api import expect
from service import PASSWORD, Service

EMAIL = "first@example.org"


def a_newcomer_makes_the_administrator_and_finds_the_way(browser):
    for variant in (WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]):
        with Service(browser.demo.program) as service:
            _walk(browser, variant, service)


def _walk(browser, variant, service):
    with browser.page(variant, url=service.url) as page:
        for path in ("/", "/login", "/register"):
            page.goto(path)
            expect(page.locator("pre")).to_contain_text("users create you@example.org")
        browser.check(page, variant, "fresh")
        command = page.locator("pre").inner_text().replace("you@example.org", EMAIL)
        subprocess.run(
            f"{command} --password-file -",
            shell=True,
            cwd=service.folder,
            env=service.operator,
            input=f"{PASSWORD}\n".encode(),
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        page.locator("main .btn-primary").click()
        sign_in(page, EMAIL, PASSWORD)
        page.wait_for_url("**/overview")
        if page.locator("html").get_attribute("lang") != variant.language:
            page.goto("/overview")
            if variant.width < 1024:
                page.locator(".topbar .menu-open").click()
            page.locator(f"button[name=lang][value={variant.language}]").first.click()
        page.goto("/overview")
        expect(page.locator(".checklist .todo")).to_have_count(1)
        browser.check(page, variant, "fresh-overview")
        page.goto("/system")
        browser.check(page, variant, "fresh-system")
