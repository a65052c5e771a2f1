"""A person without a mouse: each control is found by Tab and by its name, and used by Enter, Space, the
arrows and typing. At every stop the focus is seen, nothing lies over it, and Tab leads on."""

import re

STOPS_MOST = 300
"""Presses of Tab before a control counts as one that no key leads to."""

SAID = re.compile(r'- (\w+)(?: "((?:[^"\\]|\\.)*)")?')
"""A line of what a screen reader hears: role and name."""

SEEN = """
() => {
  const at = document.activeElement;
  const box = at.getClientRects()[0];
  // Of what is higher than the window a part is enough (WCAG 2.4.11).
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const over = box && document.elementFromPoint(
    middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  return Boolean(over) && (at.contains(over) || over.contains(at));
}"""
"""Nothing lies over the middle of what has the focus."""

LOOKS_MOST = 20
"""Looks before something counts as covered: a frame is another process, and the window follows the focus
into it a little later."""

LOOK = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  // What is inside a frame is outlined by the browser itself, and may be several stops.
  const isFrame = at.tagName === "IFRAME";
  const held = window.heldBefore === at && !isFrame;
  window.heldBefore = at;
  return {
    html: at.outerHTML.slice(0, 160),
    outlined: isFrame || outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    held,
  };
}"""


class Keys:
    """The keyboard at a page."""

    def __init__(self, page):
        self.page = page
        self.stops = 0

    def to(self, name):
        """Goes by Tab to the control of this name, or one whose name begins so."""
        left = 0
        for _ in range(STOPS_MOST):
            if self._name().startswith(name):
                return
            if not self._tab():
                left += 1
                assert left < 3, f"{self.page.url}: no key leads to {name!r}"
        raise AssertionError(f"{self.page.url}: {name!r} is too far away")

    def use(self, name):
        """Goes there and presses Enter."""
        self.to(name)
        self.page.keyboard.press("Enter")

    def open(self, name):
        """Goes there and presses Enter, which leads to another page."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, name):
        self.to(name)
        self.page.keyboard.press("Space")

    def fill(self, name, text):
        """Types into the field of this name, in the place of what stands there."""
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, name, option):
        """Goes to the select of this name and types the beginning of the option."""
        self.to(name)
        self.page.keyboard.type(option)

    def _tab(self):
        """One stop further; false when the page's end was reached."""
        self.page.keyboard.press("Tab")
        self.stops += 1
        seen = self.page.evaluate(LOOK)
        if seen is None:
            return False
        where = f"{self.page.url}: {seen['html']}"
        assert not seen["held"], f"Tab does not lead on: {where}"
        assert seen["outlined"], f"the focus is not seen: {where}"
        assert self._is_seen(), f"something lies over the focus: {where}"
        return True

    def _is_seen(self):
        for _ in range(LOOKS_MOST):
            if self.page.evaluate(SEEN):
                return True
            self.page.wait_for_timeout(100)
        return False

    def _name(self):
        focus = self.page.locator("*:focus")
        if not focus.count():
            return ""
        said = SAID.match(focus.first.aria_snapshot())
        return (said and said[2]) or focus.first.inner_text().strip()
