"""A person's browser as far as a benchmark needs one: a kept connection, cookies, forms."""

import http.client
import re
import time
import urllib.parse

from .place import PASSWORD, Broken, every


class Visitor:
    def __init__(self, port):
        self.port, self.cookies, self.connection = port, {}, None
        # Where a trusted proxy says the person is; nothing without one.
        self.client = None

    def copy(self):
        """Another connection of the same person."""
        other = Visitor(self.port)
        other.cookies = dict(self.cookies)
        return other

    def until_ready(self, patience=30):
        """Waits until the server answers."""
        for _ in every(0.1, patience):
            try:
                if self.once("/health/ready")[0] == 200:
                    return
            except OSError:
                self.connection = None
        raise Broken(f"no answer after {patience} s")

    def ask(self, path, form=None):
        """Status, body and headers; waits while the person may not ask any more."""
        while True:
            status, body, headers = self.once(path, form)
            if status != 429:
                return status, body, headers
            time.sleep(int(headers["Retry-After"]))

    def once(self, path, form=None):
        if not self.connection:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                   "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        if self.client:
            headers["X-Forwarded-For"] = self.client
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.read().decode(), answer.headers

    def token(self, path):
        found = re.search(r'name="csrf" value="([^"]+)"', self.ask(path)[1])
        if not found:
            raise Broken(f"{path} has no form")
        return found[1]

    def sign_in(self, email, password=PASSWORD.strip()):
        form = {"email": email, "password": password, "csrf": self.token("/login")}
        status, _, headers = self.ask("/login", form)
        if status != 303 or headers["Location"] != "/overview":
            raise Broken(f"{email} cannot sign in: {status}")


def percentile(took, share):
    """Of times in seconds, in milliseconds."""
    return sorted(took)[min(len(took) - 1, int(len(took) * share))] * 1000
