"""Mail of the demo's outbox."""

import re

from browser import WITH_SCRIPTS

OUTBOX = "/system/outbox"

FIRES_WITHIN = 100.0
"""Seconds. The demo promises a minute from its start; the rest is for a slow machine."""

SENT_WITHIN = 20.0
"""Seconds until the worker has sent a letter; for a slow machine."""

BY_ITSELF = re.compile("The message that sent itself|Письмо, которое ушло само")
"""Subjects of the mailings that nobody starts by hand."""


def _pages(page):
    """Opens one page of the outbox after the other: the mail of other journeys may fill the first."""
    following = OUTBOX
    while following:
        page.goto(following)
        more = page.locator(".pager a[rel=next]")
        following = more.get_attribute("href") if more.count() else None
        yield


def wait_for_mail(browser):
    """Returns the address of a mail that went out by itself, as soon as there is one."""
    with browser.page(WITH_SCRIPTS[0]) as page:
        # Not the letter that tells the owner how the run ended.
        mails = page.locator("main tbody tr", has_text="reader-").locator("a", has_text=BY_ITSELF)

        def found(page):
            for _ in _pages(page):
                if mails.count():
                    found.mail = mails.first.get_attribute("href")
                    return True
            return False

        browser.wait(page, OUTBOX, found, FIRES_WITHIN, "no mail of the planned mailing")
        return found.mail


def wait_for_letter(browser, page, email, path):
    """The link of this kind in a letter to this address, as soon as there is one."""
    letters = page.locator("main tbody tr", has_text=email).locator("a")

    def found(page):
        for _ in _pages(page):
            for letter in [link.get_attribute("href") for link in letters.all()]:
                page.goto(letter)
                link = re.search(re.escape(path) + r"[A-Za-z0-9_-]{20,}", page.content())
                if link:
                    found.link = link[0]
                    return True
        return False

    browser.wait(page, OUTBOX, found, SENT_WITHIN, f"no letter to {email}")
    return found.link


def mail_to(browser, email, subject):
    """The page of the mail with this subject that went to this address."""
    with browser.page(WITH_SCRIPTS[0]) as page:
        page.goto(OUTBOX)
        mails = page.locator("main tbody tr", has_text=email).filter(has_text=subject)
        mails.locator("a").first.click()
        page.wait_for_url(f"**{OUTBOX}/*")
        return page.content()


def unsubscribe_link(browser):
    """The path of the link in a mail of the demo's own mailing."""
    with browser.page(WITH_SCRIPTS[0]) as page:
        page.goto(wait_for_mail(browser))
        found = re.search(r"/u/[A-Za-z0-9_=-]+", page.content())
    assert found, "the mail has no unsubscribe link"
    return found[0]
