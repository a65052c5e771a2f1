"""Guests read the blog; a content manager writes it."""

import struct
import zlib

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [WITH_SCRIPTS[0], WITH_SCRIPTS[1], *WITHOUT_SCRIPTS]


def a_guest_comes_from_the_home_page_to_a_post_and_shares_it(browser):
    for page in browser.visit("/", name="home-posts"):
        expect(page.locator(".posts > li")).to_have_count(3)
        page.locator("main a[href='/blog']").click()
        page.locator(".posts a").first.click()
        title = page.locator("h1").inner_text()
        page.locator("summary").click()
        expect(page.locator("#address")).to_have_value(page.url)
        page.locator(".turn a").first.click()
        expect(page.locator("h1")).not_to_have_text(title)


def the_pages_of_the_blog_are_whole(browser):
    for page in browser.visit("/blog", name="blog"):
        post = page.locator(".posts li:has(img) a").first.get_attribute("href")
    for page in browser.visit(post, name="blog-post"):
        picture = page.locator("article img")
        expect(picture).to_be_visible()
        assert picture.evaluate("e => e.complete && e.naturalWidth > 0"), "no picture"
    for page in browser.visit("/blog/no-such-post", name="blog-missing", status=404):
        expect(page.locator("main a[href='/blog']")).to_be_visible()
        page.locator("#q").fill("zzzz")
        page.locator("form[role=search] button").click()
        expect(page.locator(".empty")).to_be_visible()
        page.goto("/blog")
        word = page.locator(".posts a").first.inner_text().split()[0]
        page.locator("#q").fill(word.upper())
        page.locator("form[role=search] button").click()
        expect(page.locator(".posts li").first).to_be_visible()
    for page in browser.visit("/blog?q=zzzz", name="blog-nothing-found"):
        expect(page.locator(".empty")).to_be_visible()
    for page in browser.visit("/blog?q=a", name="blog-found"):
        expect(page.locator(".posts li").first).to_be_visible()


def a_content_manager_writes_publishes_and_takes_back(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="carl") as page:
            title = f"Journey {variant.file_name}"
            editor = _write(browser, page, variant, title)
            _put_picture(browser, page, variant)
            page.frame_locator("iframe").locator("img").wait_for()
            browser.check(page, variant, "post-edit")
            address = _publish(browser, page, variant)
            _is_read(browser, variant, address, 200)
            page.locator(".actions form[action$='/unpublish'] button").click()
            _is_read(browser, variant, address, 404)
            _undo(page)
            _is_read(browser, variant, address, 200)
            page.goto(editor)
            page.locator("form[action$='/delete'] button").click()
            _is_read(browser, variant, address, 404)
            browser.check(page, variant, "posts-deleted")
            _undo(page)
            _is_read(browser, variant, address, 200)
            page.locator("form[action$='/delete'] button").click()
            page.goto("/content/posts?shelf=trash")
            browser.check(page, variant, "posts-trash")


def the_lists_of_posts_are_whole(browser):
    browser.visit_all(
        [
            ("/content/posts", "posts-drafts"),
            ("/content/posts?shelf=planned", "posts-planned"),
            ("/content/posts?shelf=published", "posts-published"),
        ],
        user="carl",
    )


def _write(browser, page, variant, title):
    page.goto("/content/posts")
    page.locator(".page-head .btn-primary").click()
    page.locator("main form .btn-primary").click()
    expect(page.locator(".error-summary")).to_be_visible()
    browser.check(page, variant, "post-new-errors")
    page.locator("#title").fill(title)
    page.locator("#content").fill("## Why\n\nBecause **of this**.\n\n- one\n- two")
    page.locator("button[formtarget=preview]").click()
    expect(page.frame_locator("iframe").locator("strong")).to_have_text("of this")
    page.locator("main form .btn-primary").click()
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def _put_picture(browser, page, variant):
    page.locator("button[name=do][value=picture]").click()
    file = {"name": "blue.png", "mimeType": "image/png", "buffer": _png(800, 600)}
    page.locator("#picture").set_input_files(file)
    page.locator("main form .btn-primary").click()
    expect(page.locator("#alt-error")).to_be_visible()
    browser.check(page, variant, "post-picture")
    page.locator("#picture").set_input_files(file)
    page.locator("#alt").fill("A blue sheet")
    page.locator("main form .btn-primary").click()
    expect(page.locator("form img")).to_have_attribute("alt", "A blue sheet")


def _publish(browser, page, variant):
    """The address of the post."""
    page.locator("button[name=do][value=publish]").click()
    browser.check(page, variant, "post-publish")
    page.locator("main form .btn-primary").click()
    expect(page.locator(".alert-flash")).to_be_visible()
    return page.locator(".page-head a[href^='/blog/']").get_attribute("href")


def _undo(page):
    page.locator(".alert-flash button").click()


def _is_read(browser, variant, address, status):
    """What a guest is answered there."""
    with browser.page(variant) as guest:
        assert guest.goto(address).status == status, f"{address}: not {status} ({variant})"


def _png(width, height):
    """A picture of one colour."""

    def chunk(name, data):
        sum_of = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", sum_of)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x27\x46\xc2" * width) * height
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
