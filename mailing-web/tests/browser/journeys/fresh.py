"""A fresh instance: no demo, no people. The first page says how an administrator is made; the command
does it; the overview leads on."""

import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS, sign_in
from demo import START_LIMIT, free_port
from playwright.sync_api import expect

EMAIL = "first@example.org"
PASSWORD = "crooked teapot sings 7"


def a_newcomer_makes_the_administrator_and_finds_the_way(browser):
    for variant in (WITH_SCRIPTS[0], WITHOUT_SCRIPTS[0]):
        with tempfile.TemporaryDirectory(prefix="mailing-fresh.") as folder:
            _walk(browser, variant, pathlib.Path(folder))


def _walk(browser, variant, folder):
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "MAILING_SERVER__LISTEN": url.removeprefix("http://"),
        "MAILING_MAIL__URL": f"file://{folder}/outbox/",
    }
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [browser.demo.program, "serve"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(url)
        with browser.page(variant, url=url) as page:
            for path in ("/", "/login", "/register"):
                page.goto(path)
                expect(page.locator("pre")).to_contain_text("users create you@example.org")
            browser.check(page, variant, "fresh")
            command = page.locator("pre").inner_text().replace("you@example.org", EMAIL)
            subprocess.run(
                f"{command} --password-file -",
                shell=True,
                cwd=folder,
                env=environment,
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
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url):
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "the service does not start"
            time.sleep(0.1)
