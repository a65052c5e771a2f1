"""Many requests for one page over kept connections, by one process that does nothing else."""

import selectors
import socket
import time

from .place import Broken

REQUEST = ("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Mozilla/5.0\r\n"
           "Accept: text/html\r\nAccept-Encoding: gzip\r\n\r\n")


class Connection:
    """One that always has a request under way."""

    def __init__(self, port, request):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.ask()

    def ask(self):
        self.got, self.awaited, self.began = b"", None, time.monotonic()
        self.socket.sendall(self.request)

    def read(self):
        """True when the answer is whole."""
        some = self.socket.recv(1 << 16)
        if not some:
            raise Broken("the server closed a connection")
        self.got += some
        if self.awaited is None and (end := self.got.find(b"\r\n\r\n")) >= 0:
            head = self.got[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                raise Broken(f"the server answers {head.splitlines()[0].decode()}")
            length = head.split(b"content-length:")[1].split(b"\r\n")[0]
            self.awaited = end + 4 + int(length)
        return self.awaited is not None and len(self.got) >= self.awaited


def load(port, path, clients, seconds, halfway=None):
    """Seconds that each answer took, in order of arrival, with the moment of each; `halfway` is
    called in the middle."""
    request = REQUEST.format(path=path, port=port).encode()
    selector = selectors.DefaultSelector()
    for _ in range(clients):
        one = Connection(port, request)
        selector.register(one.socket, selectors.EVENT_READ, one)
    took, began = [], time.monotonic()
    while (now := time.monotonic()) - began < seconds:
        if halfway and now - began >= seconds / 2:
            halfway()
            halfway = None
        for key, _ in selector.select(1):
            one = key.data
            if one.read():
                now = time.monotonic()
                took.append((now - began, now - one.began))
                one.ask()
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return took
