"""One Chromium for the run, a context for each kind of visitor, and what every page must hold."""

import contextlib
import itertools
import os
import pathlib
import shutil
import time
from dataclasses import dataclass

import axe_playwright_python
from playwright.sync_api import expect

AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Tells of each violation of the content security policy by the way that other complaints take.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (e) =>
  console.error(`content policy: ${e.effectiveDirective} refused ${e.blockedURI}`));
"""

# How wide the page is, how much of it is seen, and what sticks out of its card.
MEASURE = """
[
  document.documentElement.scrollWidth,
  document.documentElement.clientWidth,
  [...document.querySelectorAll(".card table, .card dl, .card ul, .card .stats")]
    .filter((e) => e.getBoundingClientRect().right > e.closest(".card").getBoundingClientRect().right)
    .map((e) => e.outerHTML.slice(0, 120)),
]"""

# Another language, or a longer name, takes more room: each text is made 40 % longer by its own
# words, a single word by its own letters, and is measured and put back in one go.
WITH_LONGER_TEXT = """
() => {
  const FIXED = "script, style, textarea, time, .raw, .addr";
  const was = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const words = text.data.trim().split(/\\s+/);
    if (!/\\p{L}{2}/u.test(text.data) || text.parentElement.closest(FIXED)) continue;
    was.push([text, text.data]);
    const only = words.length === 1;
    const more = only ? words[0].slice(-Math.ceil(words[0].length * 0.4))
                      : " " + words.slice(0, Math.ceil(words.length * 0.4)).join(" ");
    text.data = text.data.replace(/(\\s*)$/, more + "$1");
  }
  const measured = MEASURE;
  for (const [text, data] of was) text.data = data;
  return measured;
}""".replace("MEASURE", MEASURE)


# A4 without its margins, in pixels of the stylesheet.
PAPER_WIDTH = 688

# What a reader of paper cannot use.
PRESSED = """
() => [...document.querySelectorAll(".menu, .topbar, .filters, .pager, .bulk, .nav-tabs, .btn, .skip, .tick-box")]
  .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Variant:
    """How a page is looked at."""

    language: str
    theme: str
    width: int
    scripts: bool = True

    def __str__(self):
        scripts = "" if self.scripts else ", no scripts"
        return f"{self.language}, {self.theme}, {self.width} px{scripts}"

    @property
    def file_name(self):
        return f"{self.language}-{self.theme}-{self.width}{'' if self.scripts else '-noscript'}"


# Ordered so that any two neighbours differ in most.
WITH_SCRIPTS = [
    Variant("ru", "light", 1280),
    Variant("en", "dark", 360),
    Variant("ru", "dark", 1280),
    Variant("en", "light", 360),
    Variant("en", "dark", 1280),
    Variant("ru", "light", 360),
    Variant("en", "light", 1280),
    Variant("ru", "dark", 360),
]
WITHOUT_SCRIPTS = [
    Variant("en", "light", 360, scripts=False),
    Variant("ru", "dark", 1280, scripts=False),
]


class Browser:
    """What the journeys get."""

    def __init__(self, playwright, demo, full, pictures):
        program = os.environ.get("MAILING_TEST_CHROMIUM") or shutil.which("chromium")
        if not program:
            raise SystemExit("Chromium is not installed: run scripts/setup")
        # Without Chromium's sandbox, which neither root nor a container may have: all that it loads
        # is the program under test.
        self.chromium = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, chromium_sandbox=False
        )
        self.demo = demo
        self.full = full
        self.pictures = pictures
        self.signed_in = {}
        self.complaints = []
        self.with_scripts = itertools.cycle(WITH_SCRIPTS)
        self.without_scripts = itertools.cycle(WITHOUT_SCRIPTS)

    def close(self):
        self.chromium.close()

    def visit(self, path, user=None, name=None, status=200):
        """Yields the page in each variant that is due, after what holds for every page was checked.
        `name` is that of the pictures."""
        for variant in self._due():
            with self.page(variant, user) as page:
                response = page.goto(path)
                assert response.status == status, f"{path}: {response.status} ({variant})"
                self.check(page, variant, name)
                yield page

    def visit_all(self, pages, user):
        """Each of the pages, given by path and name of its pictures, is whole."""
        for path, name in pages:
            for page in self.visit(path, user=user, name=name):
                expect(page.locator("main h1")).to_be_visible()

    @contextlib.contextmanager
    def page(self, variant, user=None, url=None):
        """A fresh context with one empty page; a user is signed in already. `url` is that of another
        service than the demo."""
        state = self._state(user, variant.language) if user else None
        context = self.chromium.new_context(
            base_url=url or self.demo.url,
            locale=variant.language,
            color_scheme=variant.theme,
            viewport={"width": variant.width, "height": 900},
            java_script_enabled=variant.scripts,
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        self._listen(context, variant, url or self.demo.url)
        try:
            yield context.new_page()
        finally:
            context.close()

    def check(self, page, variant, name=None):
        """What holds for every page."""
        where = f"{page.url.removeprefix(self.demo.url)} ({variant})"
        expect(page.locator("html"), where).to_have_attribute("lang", variant.language)
        expect(page.locator("h1"), where).to_have_count(1)
        _check_width(page, where)
        if variant.scripts:
            _check_width(page, f"{where} with text 40 % longer", WITH_LONGER_TEXT)
        # The narrowest phone; a desktop's window at 200 %.
        narrow = 320 if variant.width == 360 else variant.width // 2
        page.set_viewport_size({"width": narrow, "height": 900})
        _check_width(page, f"{where} at {narrow} px")
        page.set_viewport_size({"width": variant.width, "height": 900})
        if variant.scripts:
            _check_accessibility(page, where)
        if self.pictures and name:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.pictures / f"{name}-{variant.file_name}.png", full_page=True)

    def check_paper(self, page, where):
        """On A4 there is what is read and nothing that is pressed, and nothing is cut off."""
        size = page.viewport_size
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
        try:
            _check_width(page, f"{where} on paper")
            left = page.evaluate(PRESSED)
            assert not left, f"{where}: printed though nobody can press it: {left}"
        finally:
            page.emulate_media(media="screen")
            page.set_viewport_size(size)

    def wait(self, page, path, ready, seconds, what):
        """Opens a page again and again until `ready(page)`; fails with `what` when that takes too
        long."""
        deadline = time.monotonic() + seconds
        while True:
            page.goto(path)
            if ready(page):
                return
            assert time.monotonic() < deadline, what
            page.wait_for_timeout(500)

    def forget(self, user):
        """The user's sessions have ended: the next page signs in anew."""
        for key in [key for key in self.signed_in if key[0] == user]:
            del self.signed_in[key]

    def settle(self):
        """Fails with what the pages complained about since the last time."""
        complaints = self.take_complaints()
        assert not complaints, "\n".join(complaints)

    def take_complaints(self):
        complaints, self.complaints = self.complaints, []
        return complaints

    def _due(self):
        if self.full:
            return WITH_SCRIPTS + WITHOUT_SCRIPTS
        return [next(self.with_scripts), next(self.without_scripts)]

    def _listen(self, context, variant, url):
        def complain(what):
            self.complaints.append(f"{what} ({variant})")

        def request(request):
            if not request.url.startswith((url, "data:", "about:")):
                complain(f"asked another host: {request.url}")

        def console(message):
            # A page that is answered with 4xx on purpose is checked by its journey.
            if message.type in ("error", "warning") and "status of 4" not in message.text:
                complain(f"console: {message.text}")

        context.on("request", request)
        context.on("console", console)
        context.on("weberror", lambda fault: complain(f"script: {fault.error}"))

    def _state(self, user, language):
        """Cookies of a user who has chosen this language."""
        if (user, language) not in self.signed_in:
            email, password = self.demo.user(user)
            with self.page(Variant(language, "light", 1280, scripts=False)) as page:
                sign_in(page, email, password)
                if page.locator("html").get_attribute("lang") != language:
                    page.locator(f"button[name=lang][value={language}]").first.click()
                self.signed_in[user, language] = page.context.storage_state()
        return self.signed_in[user, language]


def sign_in(page, email, password):
    """Through the form, as a person does."""
    page.goto("/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("main form button.btn-primary").click()


def _check_width(page, where, measure=MEASURE):
    wide, seen, out = page.evaluate(measure)
    assert wide <= seen, f"{where}: {wide} px wide in a window of {seen} px"
    # What sticks out of its card does not widen the page, yet it is cut off or lies over others.
    assert not out, f"{where}: sticks out of its card: {out}"


def _check_accessibility(page, where):
    # Through the debugger's door, since the page's policy takes no script of ours.
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "iframes": False}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    lines = [
        f"{where}: {rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
    assert not lines, "\n".join(lines)
