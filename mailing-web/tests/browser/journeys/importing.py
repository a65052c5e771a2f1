"""An owner makes recipients of a file and of pasted rows, and takes them back."""

from browser import WITH_SCRIPTS, WITHOUT_SCRIPTS
from playwright.sync_api import expect

# Both languages, with and without scripts, wide and narrow.
VARIANTS = [*WITH_SCRIPTS[:2], *WITHOUT_SCRIPTS]

PEOPLE = """Почта;ФИО;Город;Дата заведения
anna.kuznetsova@{0};Анна Кузнецова;Казань;02.03.2019
b.orlov@{0};Борис Орлов;Тула;11.07.2021
gleb@почта-{0};Глеб;Пермь;
nobody;=Кто;;
"""


def the_first_step_is_whole(browser):
    for page in browser.visit("/recipients/import", user="ben", name="import"):
        expect(page.locator("#file")).to_be_visible()


def a_file_becomes_recipients_and_is_taken_back(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            people = PEOPLE.format(f"{variant.file_name}.example").encode("windows-1251")
            _choose(page, {"name": "customers.csv", "mimeType": "text/csv", "buffer": people})
            expect(page.locator("main .lead")).to_contain_text("windows-1251")
            expect(page.locator("#column_1")).to_have_value("email")
            expect(page.locator("#column_2")).to_have_value("full_name")
            page.locator("#new_list").fill(f"Import {variant.file_name}")
            browser.check(page, variant, "import-columns")
            page.locator("main .btn-primary").click()
            expect(page.locator(".stat dd").first).to_have_text("3")
            browser.check(page, variant, "import-check")
            page.locator("main .btn-primary").click()
            expect(page.locator("a[href$='/rejects']")).to_be_visible()
            browser.check(page, variant, "import-done")
            page.locator("a[href$='/undo']").first.click()
            expect(page.locator(".well")).to_contain_text("3")
            browser.check(page, variant, "import-undo")
            page.locator("form[action$='/undo'] button").click()
            expect(page.locator(".alert-flash")).to_be_visible()
            browser.check(page, variant, "import-undone")


def what_is_no_list_of_people_is_told_at_the_file(browser):
    for variant in VARIANTS[:3]:
        with browser.page(variant, user="ben") as page:
            picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
            _choose(page, {"name": "a.png", "mimeType": "image/png", "buffer": picture})
            expect(page.locator("#file-error")).to_be_visible()
            browser.check(page, variant, "import-refused")


def faulty_pasted_rows_stay_where_they_are(browser):
    for variant in VARIANTS:
        with browser.page(variant, user="ben") as page:
            rows = ",".join(["x"] * 101)
            page.goto("/recipients/import")
            page.locator("#pasted").fill(rows)
            page.locator("main .btn-primary").click()
            expect(page.locator("#pasted-error")).to_be_visible()
            expect(page.locator("#pasted")).to_have_value(rows)
            browser.check(page, variant, "import-paste-refused")


def a_large_file_tells_how_far_it_is_until_it_is_done(browser):
    for variant in [WITH_SCRIPTS[2], WITHOUT_SCRIPTS[0]]:
        with browser.page(variant, user="ben") as page:
            host = f"large-{variant.file_name}.example"
            rows = "".join(f"r{n}@{host},{'x' * 100}\n" for n in range(10_000))
            buffer = f"email,comment\n{rows}".encode()
            _choose(page, {"name": "large.csv", "mimeType": "text/csv", "buffer": buffer})
            page.locator("main .btn-primary").click()
            expect(page.locator("#progress")).to_be_visible()
            browser.check(page, variant, "import-progress")
            expect(page.locator("form[action$='/start'] button")).to_be_visible(timeout=60_000)
            page.locator("form[action$='/start'] button").click()
            expect(page.locator("a[href$='/undo']")).to_be_visible(timeout=60_000)
            page.locator("a[href$='/undo']").click()
            page.locator("form[action$='/undo'] button").click()
            expect(page.locator(".alert-flash")).to_be_visible(timeout=30_000)


def pasted_rows_become_recipients(browser):
    with browser.page(WITH_SCRIPTS[1], user="ben") as page:
        page.goto("/recipients/import")
        page.locator("#pasted").fill("one@pasted.example\ntwo@pasted.example")
        page.locator("main .btn-primary").click()
        page.locator("main .btn-primary").click()
        page.locator("main .btn-primary").click()
        expect(page.locator(".stat dd").first).to_have_text("2")


def _choose(page, file):
    page.goto("/recipients/import")
    page.locator("#file").set_input_files(file)
    page.locator("main .btn-primary").click()
