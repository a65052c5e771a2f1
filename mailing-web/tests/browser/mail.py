"""Mail of the demo's outbox."""

import re

from browser import WITH_SCRIPTS

OUTBOX = "/system/outbox"

FIRES_WITHIN = 100.0
"""Seconds. The demo promises a minute from its start; the rest is for a slow machine."""

BY_ITSELF = re.compile("The message that sent itself|Письмо, которое ушло само")
"""Subjects of the mailings that nobody starts by hand."""


def wait_for_mail(browser):
    """Returns the address of a mail that went out by itself, as soon as there is one."""
    with browser.page(WITH_SCRIPTS[0]) as page:
        mails = page.locator("main tbody a", has_text=BY_ITSELF)
        browser.wait(
            page, OUTBOX, lambda _: mails.count(), FIRES_WITHIN, "no mail of the planned mailing"
        )
        return mails.first.get_attribute("href")
