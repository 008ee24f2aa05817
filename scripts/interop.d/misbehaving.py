"""A server on raw sockets that answers like no good axon: one listener for each way."""

import gzip
import json
import socket
import struct
import time

from relay import Listener, Request

HOST = "127.0.0.20"
GOOD = {"dummy_input": 21, "dummy_output": 42}
STATUS = {"bt_header_axon_status_code": "200", "bt_header_axon_status_message": "Success"}
JSON = {"content-type": "application/json"}
SLOW = ("silent", "silent-after-headers", "drips-past-the-timeout", "stream-silent")


def http(status: int, body: bytes | str, headers: dict[str, str], length: int | None = None) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Status", *(f"{k}: {v}" for k, v in headers.items())]
    if length is None:
        length = len(data)
    if length >= 0 and "transfer-encoding" not in headers:
        lines.append(f"content-length: {length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


def good(more: dict | None = None, **headers: str) -> bytes:
    return http(200, json.dumps(GOOD | (more or {})), JSON | STATUS | headers)


def chunked(*chunks: bytes, headers: dict[str, str] = JSON | STATUS) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks)
    return http(200, body, headers | {"transfer-encoding": "chunked"})


def stream(*chunks: bytes, **headers: str) -> bytes:
    return chunked(*chunks, headers=STATUS | {"content-type": "text/event-stream"} | headers)


TEXT = json.dumps(GOOD)
TERMINAL = {"status_code": 418, "status_message": "teapot", "ip": "198.51.100.9", "port": 7}

ANSWERS: dict[str, bytes] = {
    "good": good(),
    "good-chunked": chunked(TEXT.encode()[:9], TEXT.encode()[9:], b""),
    "good-without-status": http(200, TEXT, JSON),
    "good-until-close": http(200, TEXT, JSON | STATUS, length=-1),
    "good-problem-json": http(200, TEXT, STATUS | {"content-type": "application/problem+json"}),
    "good-charset": http(200, TEXT, STATUS | {"content-type": "application/json; charset=utf-8"}),
    "good-gzip": http(200, gzip.compress(TEXT.encode(), mtime=0), JSON | STATUS | {"content-encoding": "gzip"}),
    "good-after-100": b"HTTP/1.1 100 Continue\r\n\r\n" + good(),
    "upper-case-headers": http(200, TEXT, {"Content-Type": "application/json", "BT_HEADER_AXON_STATUS_CODE": "200"}),
    "process-time-exponent": good(bt_header_axon_process_time="2.36e-05"),
    "header-status-text": good(bt_header_axon_status_code="later"),
    "header-status-500": good(bt_header_axon_status_code="500", bt_header_axon_status_message="I failed"),
    "header-port-text": good(bt_header_axon_port="eighty"),
    "header-timeout-text": good(timeout="long"),
    "json-claims-another-axon": good({"axon": TERMINAL, "dendrite": TERMINAL, "timeout": 99.0, "name": "Other"}),
    "json-axon-null": good({"axon": None}),
    "json-dendrite-null": good({"dendrite": None}),
    "json-request-changed": good({"dummy_input": 7}),
    "json-unknown-field": good({"extra": [1, 2]}),
    "json-output-text-number": good({"dummy_output": "42"}),
    "json-output-whole-float": good({"dummy_output": 42.0}),
    "json-duplicate-key": http(200, '{"dummy_input": 21, "dummy_output": 1, "dummy_output": 42}', JSON | STATUS),
    "validation-wrong-type": good({"dummy_output": "forty-two"}),
    "validation-fraction": good({"dummy_output": 42.5}),
    "validation-missing-required": http(200, '{"dummy_output": 42}', JSON | STATUS),
    "html-502": http(502, "<html>Bad Gateway</html>", {"content-type": "text/html"}),
    "html-200": http(200, "<html>Welcome</html>", {"content-type": "text/html; charset=utf-8"}),
    "no-content-type": http(200, TEXT, STATUS),
    "text-plain": http(200, TEXT, STATUS | {"content-type": "text/plain"}),
    "broken-json": http(200, '{"dummy_input": 21, "dummy_output"', JSON | STATUS),
    "json-and-more": http(200, TEXT + " oops", JSON | STATUS),
    "json-nan": http(200, '{"dummy_input": 21, "dummy_output": NaN}', JSON | STATUS),
    "json-not-utf8": http(200, b'{"dummy_input": 21, "note": "\xe9\xff"}', JSON | STATUS),
    "json-bom": http(200, b"\xef\xbb\xbf" + TEXT.encode(), JSON | STATUS),
    "empty-200": http(200, "", JSON | STATUS),
    "no-content-204": http(204, "", JSON, length=-1),
    "list-body-200": http(200, "[1, 2]", JSON | STATUS),
    "text-body-200": http(200, '"hello"', JSON | STATUS),
    "list-body-500": http(500, "[1, 2]", JSON),
    "error-message": http(503, '{"message": "busy"}', JSON),
    "error-message-number": http(503, '{"message": 5}', JSON),
    "error-without-message": http(429, "{}", JSON),
    "error-detail-422": http(422, '{"detail": [{"msg": "JSON decode error"}]}', JSON),
    "error-422-header-200": http(422, '{"detail": []}', JSON | STATUS),
    "short-body": http(200, TEXT[:10], JSON | STATUS, length=len(TEXT)),
    "broken-chunk": http(200, b"zz\r\n{}", JSON | {"transfer-encoding": "chunked"}),
    "chunks-without-end": chunked(TEXT.encode()[:9]),
    "not-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "broken-header": b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
    "half-headers": b"HTTP/1.1 200 OK\r\ncontent-type: appl",
    "closes-without-answer": b"",
    "stream-whole": stream(b"Rh\xc3\xb4ne, ", b"Po", b""),
    "stream-cut": stream(b"Rh\xc3\xb4ne, ", b"Po"),
    "stream-html-502": http(502, "<html>Bad Gateway</html>", {"content-type": "text/html"}),
    "stream-error-message": http(503, '{"message": "busy"}', JSON),
    "stream-status-500": stream(b"Po", b"", bt_header_axon_status_code="500"),
}


def reset(peer: socket.socket) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def reset_at_once(peer: socket.socket, request: Request) -> None:
    reset(peer)


def reset_in_body(peer: socket.socket, request: Request) -> None:
    peer.sendall(http(200, TEXT[:10], JSON | STATUS, length=len(TEXT)))
    time.sleep(0.2)  # a reset overtakes what the other side has not read yet
    reset(peer)


def silent(peer: socket.socket, request: Request) -> None:
    while peer.recv(65536):
        pass


def silent_after_headers(peer: socket.socket, request: Request) -> None:
    peer.sendall(http(200, "", JSON | STATUS, length=len(TEXT)))
    silent(peer, request)


def silent_in_the_stream(peer: socket.socket, request: Request) -> None:
    peer.sendall(stream(b"Po"))
    silent(peer, request)


def drips(peer: socket.socket, request: Request) -> None:
    answer = good()
    peer.sendall(answer[:-10])
    for one in answer[-10:]:
        time.sleep(0.4)
        peer.sendall(bytes([one]))


def sending(answer: bytes):
    def play(peer: socket.socket, request: Request) -> None:
        peer.sendall(answer)
        peer.shutdown(socket.SHUT_WR)
        silent(peer, request)  # closing before the client did could reset what it has not read

    return play


def start() -> dict[str, Listener]:
    """Every way to misbehave, listening."""
    plays = {name: sending(answer) for name, answer in ANSWERS.items()}
    plays |= {
        "reset-at-once": reset_at_once,
        "reset-in-body": reset_in_body,
        "silent": silent,
        "silent-after-headers": silent_after_headers,
        "stream-silent": silent_in_the_stream,
        "drips-past-the-timeout": drips,
    }
    return {name: Listener(HOST, play) for name, play in plays.items()}
