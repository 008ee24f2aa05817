"""Streams of a real axon: what a round stores of one, and what it stores of the axon's signature.

The SDK's axon serves a StreamingSynapse whose writes are far enough apart to arrive apart, cut inside
characters; the official dendrite hears it first.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, AsyncGenerator, Callable, ClassVar, Tuple

import bittensor as bt
from starlette.types import Send

import axons
import files

PIECES = 6
APART_SECONDS = 0.15
TEXT = "Flüsse: Rhône, Ελλάς, 日本語 👩\u200d🔬.\nEnd"
FORBIDDEN = "no streams for you"


class StreamProbe(bt.StreamingSynapse):
    """Streams a text back, whatever it is asked."""

    prompt: str
    completion: str = ""
    required_hash_fields: ClassVar[tuple[str, ...]] = ("prompt",)

    async def process_streaming_response(self, response) -> AsyncGenerator[bytes, None]:
        async for chunk in response.content.iter_any():
            self.completion += chunk.decode("utf-8", errors="replace")
            yield chunk

    def extract_response_json(self, response) -> dict:
        return {"prompt": self.prompt, "completion": self.completion}

    def deserialize(self) -> str:
        return self.completion


class ForbiddenStreamProbe(StreamProbe):
    """Every caller is blacklisted: the refusal is JSON and signed."""


def pieces() -> list[bytes]:
    """The text in equal parts; some end inside a character."""
    encoded = TEXT.encode()
    return [encoded[len(encoded) * n // PIECES : len(encoded) * (n + 1) // PIECES] for n in range(PIECES)]


def serve(axon: axons.LoopbackAxon) -> None:
    def forward(synapse):
        async def write(send: Send) -> None:
            for piece in pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(APART_SECONDS)

        return synapse.create_streaming_response(write)

    def blacklist(synapse) -> tuple[bool, str]:
        return True, FORBIDDEN

    def copy(function: Callable, synapse: type, returns: Any) -> Callable:
        def own(synapse):
            return function(synapse)

        own.__annotations__ = {"synapse": synapse, "return": returns}
        return own

    streaming = bt.StreamingSynapse.BTStreamingResponse
    axon.axon.attach(forward_fn=copy(forward, StreamProbe, streaming))
    axon.axon.attach(
        forward_fn=copy(forward, ForbiddenStreamProbe, streaming),
        blacklist_fn=copy(blacklist, ForbiddenStreamProbe, Tuple[bool, str]),
    )


async def _official(wallet: bt.Wallet, axon: axons.LoopbackAxon) -> tuple[bytes, Any]:
    target = bt.AxonInfo(
        version=10005000, ip=axon.host, port=axon.port, ip_type=4, hotkey=axon.hotkey, coldkey=axon.coldkey
    )
    async with bt.Dendrite(wallet=wallet) as dendrite:
        heard = b""
        async for chunk in dendrite.call_stream(target, StreamProbe(prompt="rivers"), timeout=10, deserialize=False):
            if not isinstance(chunk, bytes):
                return heard, chunk
            heard += chunk
    raise AssertionError("the official dendrite gave no final synapse")


def check(program_runner: Callable, park: list[axons.LoopbackAxon], wallet: bt.Wallet, folder: Path, failures) -> None:
    """Asks with the official dendrite, then in a round, and looks into the database."""
    heard, final = asyncio.run(_official(wallet, park[0]))
    failures.check("stream", "bytes the official dendrite heard", TEXT.encode(), heard)
    failures.check("stream", "status the official dendrite got", 200, final.dendrite.status_code)

    home = folder / "stream-home"
    for name, outcome, status, signature in [
        ("StreamProbe", "OK", 200, "ABSENT"),
        ("ForbiddenStreamProbe", "REFUSED", 403, "VALID"),
    ]:
        job = _job(folder, name, park, wallet)
        ran = program_runner(home, "run", str(job))
        failures.check(name, "exit code of run", 0, ran.returncode)
        select = (
            "SELECT outcome, http_status, claimed_status_code, dendrite_status_code, axon_signature, first_byte_nanos,"
            " first_chunk_nanos, chunks, gap_p50_nanos, gap_p95_nanos, gap_max_nanos, last_bytes_share, total_nanos,"
            " response_bytes, fields FROM synapse_history WHERE round_id = (SELECT MAX(round_id) FROM round)"
        )
        asked = program_runner(home, "sql", select, "--format", "json")
        if asked.returncode != 0:
            failures.lines.append(f"{name}: sql ended with {asked.returncode}: {asked.stderr[-300:]}")
            continue
        rows = _rows(asked.stdout)
        failures.check(name, "attempts in the database", len(park), len(rows))
        for row in rows:
            failures.check(name, "outcome", outcome, row["outcome"])
            for code in ("http_status", "claimed_status_code", "dendrite_status_code"):
                failures.check(name, code, status, row[code])
            failures.check(name, "axon's signature", signature, row["axon_signature"])
            _check_figures(name, outcome, row, failures)


def _check_figures(name: str, outcome: str, row: dict[str, Any], failures) -> None:
    if outcome != "OK":
        failures.check(name, "chunks of a refusal", None, row["chunks"])
        return
    apart = APART_SECONDS * 1e9
    failures.check(name, "answer", {"answer": TEXT}, json.loads(row["fields"]))
    failures.check(name, "bytes", len(TEXT.encode()), row["response_bytes"])
    failures.check(name, "chunks", PIECES, row["chunks"])
    failures.check(name, "first chunk after first byte", True, row["first_byte_nanos"] <= row["first_chunk_nanos"])
    # Wide: this machine may be busy.
    failures.check(name, "median gap about the pause", True, 0.5 * apart < row["gap_p50_nanos"] < 3 * apart)
    in_order = row["gap_p50_nanos"] <= row["gap_p95_nanos"] <= row["gap_max_nanos"] < row["total_nanos"]
    failures.check(name, "gaps in order", True, in_order)
    failures.check(name, "bytes were not held back", True, row["last_bytes_share"] < 0.5)
    print(
        f"interop: {name}: {row['chunks']} chunks, the first after {row['first_chunk_nanos'] / 1e6:.0f} ms, gaps p50"
        f" {row['gap_p50_nanos'] / 1e6:.1f} p95 {row['gap_p95_nanos'] / 1e6:.1f} max {row['gap_max_nanos'] / 1e6:.1f} ms,"
        f" {row['last_bytes_share']:.0%} of the bytes in the last 15 %"
    )


def _rows(text: str) -> list[dict[str, Any]]:
    return [{key.lower(): value for key, value in row.items()} for row in json.loads(text)["rows"]]


def _job(folder: Path, name: str, park: list[axons.LoopbackAxon], wallet: bt.Wallet) -> Path:
    snapshot = folder / f"{name}.json"
    own = axons.neuron(0, wallet.hotkey.ss58_address, wallet.coldkeypub.ss58_address, "0.0.0.0", 0)
    files.write_snapshot(snapshot, [own, *(axon.neuron(uid) for uid, axon in enumerate(park, start=1))])
    job = folder / "jobs" / f"{name.lower()}.yaml"
    job.write_text(
        f"""network: {files.NETWORK}
netuid: {files.NETUID}
snapshot: {{file: {snapshot}}}
wallet: {{path: {folder / "wallets"}, name: validator, hotkey: default}}
synapse:
  name: {name}
  request:
    prompt: {{type: str, value: rivers}}
  response:
    completion: {{type: str, default: ""}}
  hash-fields: [prompt]
  streaming: true
select: {{allow-addresses: [127.0.0.0/8]}}
ask: {{timeout: 10s}}
score: {{fields: {{answer: /completion}}}}
"""
    )
    return job
