"""A loopback relay before a real axon: it keeps what a client sent and may change one byte of it."""

import re
import socket
import threading
from dataclasses import dataclass
from typing import Callable

MARK = b"flip-here"  # stands in the body of a query whose body is to be changed
SECONDS = 30


@dataclass(frozen=True)
class Request:
    """One HTTP request as it came, the head with its empty line."""

    head: bytes
    body: bytes


def flip_signature(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    return flip_digit(head, rb"(?i)\r\nbt_header_dendrite_signature: *0x[0-9a-f]{40}"), body


def flip_hash(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    return flip_digit(head, rb"(?i)\r\ncomputed_body_hash: *[0-9a-f]{20}"), body


def flip_body(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    at = body.index(MARK)
    return head, flipped(body, at)


def flip_nothing(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    return head, body


def flip_digit(head: bytes, after: bytes) -> bytes:
    """Changes the first decimal digit after the match to its neighbour, so it stays hexadecimal."""
    start = re.search(after, head).end()
    return flipped(head, re.compile(rb"[0-9]").search(head, start).start())


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def read_request(peer: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(peer)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
    while len(body) < (int(length.group(1)) if length else 0):
        body += received(peer)
    return Request(head + b"\r\n\r\n", body)


def received(peer: socket.socket) -> bytes:
    more = peer.recv(65536)
    if not more:
        raise ConnectionError("closed before the end of the request")
    return more


class Listener:
    """Plays a script on every connection to an address and port of its own; keeps the requests."""

    def __init__(self, host: str, play: Callable[[socket.socket, Request], None]):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, 0), family=family, backlog=64)
        self._play = play
        self.host = host
        self.port = self._listening.getsockname()[1]
        self._requests: list[Request] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            peer, _ = self._listening.accept()
            peer.settimeout(SECONDS)
            threading.Thread(target=self._one, args=(peer,), daemon=True).start()

    def _one(self, peer: socket.socket) -> None:
        with peer:
            try:
                request = read_request(peer)
                self._requests.append(request)
                self._play(peer, request)
            except OSError:
                pass  # the client has gone

    def take_requests(self) -> list[Request]:
        """What came since the last call."""
        taken, self._requests = self._requests, []
        return taken


def relay(host: str, axon: tuple[str, int], flip=flip_nothing) -> Listener:
    def play(peer: socket.socket, request: Request) -> None:
        head, body = flip(request.head, request.body)
        with socket.create_connection(axon, timeout=SECONDS) as upstream:
            # One query per connection, so that the end of the answer is the end of the connection.
            upstream.sendall(head[:-2] + b"connection: close\r\n\r\n" + body)
            while more := upstream.recv(65536):
                peer.sendall(more)

    return Listener(host, play)
