"""The pictures of docs/screens/."""

from browser import Variant
from mail import OUTBOX, wait_for_mail


def take(browser, folder):
    """Saves them, after the demo's mailing has fired."""
    folder.mkdir(parents=True, exist_ok=True)
    mail = wait_for_mail(browser)
    english, russian = Variant("en", "light", 1280), Variant("ru", "dark", 1280)
    phone = Variant("ru", "light", 360)
    run = _run(browser, english)
    for name, path, user, variant in [
        ("overview", "/overview", "ben", english),
        ("overview", "/overview", "anna", russian),
        ("mailings", "/mailings", "anna", phone),
        ("run", run, "ben", english),
        ("outbox", OUTBOX, None, english),
        ("mail", mail, None, english),
        ("home", "/", None, russian),
    ]:
        with browser.page(variant, user) as page:
            page.goto(path)
            page.screenshot(path=folder / f"{name}-{variant.file_name}.png")


def _run(browser, variant):
    """The newest run of the weekly news."""
    with browser.page(variant, "ben") as page:
        page.goto("/mailings")
        page.get_by_role("link", name="Weekly news").click()
        page.wait_for_url("**/mailings/*")
        return page.locator("main a[href^='/runs/']").first.get_attribute("href")
