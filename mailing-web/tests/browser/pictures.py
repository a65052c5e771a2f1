"""The pictures of docs/screens/."""

from browser import Variant
from mail import wait_for_mail

VARIANTS = [
    Variant("en", "light", 1280),
    Variant("ru", "dark", 1280),
    Variant("ru", "light", 360),
    Variant("en", "dark", 360),
]
"""Both languages, both themes and both widths."""

LONGEST = 1_000
"""Pixels of height: of longer pages their beginning is shown."""

OWNERS = {"en": "ben", "ru": "anna"}
"""Who writes in this language."""

ROWS = {
    "en": "Email,Name,Town\nalice@example.com,Alice Moore,Leeds\nbob@example.com,Bob Hill,York",
    "ru": "Почта,Имя,Город\nvera@example.com,Вера Орлова,Казань\nigor@example.com,Игорь Ким,Тула",
}
DRAFTS = {"en": "Spring sale", "ru": "Весенняя распродажа"}
WEEKLY = {"en": "Weekly news", "ru": "Новости недели"}


def take(browser, folder):
    """Saves them, after the demo's mailings have fired."""
    folder.mkdir(parents=True, exist_ok=True)
    wait_for_mail(browser)
    for variant in VARIANTS:
        owner = OWNERS[variant.language]
        for name, user, show in [
            ("home", None, lambda page, _: page.goto("/")),
            ("overview", owner, lambda page, _: page.goto("/overview")),
            ("recipients", owner, lambda page, _: page.goto("/recipients")),
            ("import", owner, _import),
            ("editor", owner, _editor),
            ("form", owner, _form),
            ("review", owner, _review),
            ("run", owner, _run),
            ("log", owner, lambda page, _: page.goto("/log")),
            ("post", None, _post),
            ("reports", owner, lambda page, _: page.goto("/reports")),
            ("calendar", owner, lambda page, _: page.goto("/calendar")),
            ("moderation", "mira", lambda page, _: page.goto("/manage/mailings")),
        ]:
            with browser.page(variant, user) as page:
                show(page, variant.language)
                _save(page, folder / f"{name}-{variant.file_name}.png")


def _save(page, file):
    """The whole page: the window is as high as the page, so that the menu reaches to its end."""
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": min(height, LONGEST)})
    page.screenshot(path=file)


def _import(page, language):
    page.goto("/recipients/import")
    page.locator("#pasted").fill(ROWS[language])
    page.locator("main .btn-primary").click()
    page.locator("#column_1").wait_for()


def _editor(page, _):
    """The message that was written last, with its preview."""
    page.goto("/messages")
    page.locator("main tbody th a").first.click()
    page.frame_locator("#preview").locator("body p").first.wait_for()


def _form(page, _):
    page.goto("/mailings/new")
    page.locator("input[name=when][value=planned]").check()
    page.locator("select[name='windows.0.repeat']").select_option("daily")
    page.locator("#forecast li").first.wait_for()


def _review(page, language):
    page.goto("/mailings?status=draft")
    page.locator("main tbody th a", has_text=DRAFTS[language]).click()
    page.locator("main a[href$='/review']").click()
    page.locator(".checklist").wait_for()


def _run(page, language):
    """The newest run of the weekly news."""
    page.goto("/mailings")
    page.locator("main tbody th a", has_text=WEEKLY[language]).click()
    page.locator("main tbody a[href^='/runs/']").first.click()
    page.locator("main .bar").wait_for()


def _post(page, language):
    """The newest post that is written in this language and has a picture."""
    page.goto("/blog")
    card = page.locator(f".posts > li:has(img):has(h2[lang={language}])")
    card.locator("a").first.click()
    page.locator("article").wait_for()
