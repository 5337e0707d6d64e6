"""What stands between one runner and the queue: it passes requests on, or does with them what networks do."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import suppress

ROLE = {"Code": "Success", "AccessKeyId": "AKID", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}
METADATA = {
    "/latest/api/token": "token",
    "/latest/meta-data/iam/security-credentials/": "role",
    "/latest/meta-data/iam/security-credentials/role": json.dumps(ROLE),
    "/latest/meta-data/instance-id": "i-1",
}

PASS, CUT, SILENT, SLOW, ERRORS, THROTTLED, LOST_DELETES, LOST_RECEIVES = (
    "pass",
    "cut",
    "silent",
    "slow",
    "errors",
    "throttled",
    "lost deletes",
    "lost receives",
)
TROUBLES = (CUT, SILENT, SLOW, ERRORS, THROTTLED, LOST_DELETES, LOST_RECEIVES)


class Proxy:
    """One for each runner. The metadata service answers always, since it is on the instance."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._open: set[asyncio.StreamWriter] = set()
        self.trouble = PASS
        #: how often each trouble really met a request
        self.met: Counter[str] = Counter()

    async def start(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    def set(self, trouble: str) -> None:
        self.trouble = trouble
        if trouble == CUT:
            for writer in list(self._open):
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while await self._exchange(reader, writer, upstream):
                pass
        self._open.discard(writer)
        for one in [writer, *(pair[1] for pair in upstream)]:
            one.transport.abort()

    async def _exchange(self, reader, writer, upstream) -> bool:
        head, body = await _read(reader)
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/latest/"):
            _answer(writer, 200 if path in METADATA else 404, METADATA.get(path, ""))
            return True
        target = next((line.rpartition(b".")[2].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"x-amz-target")), "")
        trouble = self.trouble
        if trouble != PASS:
            self.met[trouble] += 1
        if trouble == CUT:
            return False
        if trouble == SILENT:
            return await self._be_silent(reader)
        if trouble == SLOW:
            await asyncio.sleep(0.3)
        if trouble in (ERRORS, THROTTLED):
            status, code = (503, "InternalError") if trouble == ERRORS else (400, "RequestThrottled")
            _answer(writer, status, json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": "chaos"}))
            return True
        if not target:
            _answer(writer, 200, "<Response/>")
            return True
        if not upstream:
            upstream.append(await asyncio.open_connection("127.0.0.1", self._upstream, limit=2**22))
        answer = await self._ask(reader, upstream[0], head + body)
        if (
            answer is None
            or (self.trouble == LOST_DELETES and target == "DeleteMessage")
            or (self.trouble == LOST_RECEIVES and target == "ReceiveMessage")
        ):
            return False  # it was done, and nobody hears of it
        writer.write(answer)
        return True

    @staticmethod
    async def _ask(reader, upstream, request: bytes) -> bytes | None:
        """None when the client has gone meanwhile."""
        upstream[1].write(request)
        answer, gone = asyncio.ensure_future(_read(upstream[0])), asyncio.ensure_future(reader.read(1))
        done, pending = await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return b"".join(answer.result()) if answer in done else None

    async def _be_silent(self, reader: asyncio.StreamReader) -> bool:
        while self.trouble == SILENT and not reader.at_eof():
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.2)
        return False


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
    return head, await reader.readexactly(length)


def _answer(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = text.encode()
    writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
