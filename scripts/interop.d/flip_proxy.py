"""A loopback proxy that changes one byte of one part of every request and nothing else."""

import re
import socket
import socketserver
import threading

MARK = b"flip-here"  # stands in the body of a query whose body is to be changed


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


def read_message(peer: socket.socket) -> tuple[bytes, bytes]:
    """One HTTP message: its head with the empty line, and its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            raise ConnectionError("closed before the end of the head")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
    missing = (int(length.group(1)) if length else 0) - len(body)
    while missing > 0:
        more = peer.recv(65536)
        if not more:
            raise ConnectionError("closed before the end of the body")
        body += more
        missing -= len(more)
    return head + b"\r\n\r\n", body


class FlipProxy:
    """Listens on a port of its own and hands one changed query per connection to an axon."""

    def __init__(self, host: str, axon: tuple[str, int], flip):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                head, body = flip(*read_message(self.request))
                with socket.create_connection(axon, timeout=20) as upstream:
                    upstream.sendall(head + body)
                    self.request.sendall(b"".join(read_message(upstream)))

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server((host, 0), Handler)
        self.host, self.port = self._server.server_address
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
