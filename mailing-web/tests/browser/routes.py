"""Which pages there are, and who may open them: the table that the walk in Rust holds to the routes."""

import pathlib
from dataclasses import dataclass

TABLE = pathlib.Path(__file__).parents[1] / "it" / "walk" / "table.txt"

ROLES = ["guest", "blocked", "other", "manager", "content", "admin", "owner"]
"""The columns, as the table's head names them."""

NO_PAGES = {
    "/settings/export",
    "/recipients/export",
    "/recipients/exports/:id/file",
    "/recipients/import/template",
    "/recipients/import/:id/rejects",
    "/runs/:id/events",
    "/log/export",
    "/reports/export",
    "/manage/reports/export",
    "/messages/:id/files/:file",
    "/manage/audit.csv",
    "/manage/users/:id/avatar",
    "/assets/:name",
    "/health/live",
    "/health/ready",
    # Mail as its recipient sees it: its author's HTML in a frame.
    "/messages/:id/preview",
    "/manage/mailings/:id/preview",
    "/content/posts/:id/preview",
    "/blog/feed.xml",
    "/blog/pictures/:picture",
    "/sitemap.xml",
    "/robots.txt",
    "/system/outbox/:id/html",
}
"""What is answered with no page of ours."""


@dataclass(frozen=True)
class Route:
    path: str
    roles: tuple
    """Those who are answered with the page."""


def pages():
    """The routes that answer with a page."""
    lines = TABLE.read_text().splitlines()
    head = next(line for line in lines if line.startswith("# route"))
    assert head.split()[2:-1] == ROLES, f"the columns of {TABLE} are others"
    found = []
    for line in lines:
        method, path, *answers = (line.split() + ["", ""])[: 2 + len(ROLES)]
        if method == "GET" and path not in NO_PAGES:
            answered = zip(ROLES, answers, strict=True)
            found.append(Route(path, tuple(role for role, answer in answered if answer == "200")))
    assert len(found) > 50, f"{TABLE} names {len(found)} pages"
    return found
