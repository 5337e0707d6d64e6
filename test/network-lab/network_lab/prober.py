"""A host of one zone, as a process in its namespace: what an application there notices.

Every 50 ms a new TCP connection with one HTTP request, which has a second.  Each line on the standard output is a JSON list:
    ["probe", started, ended, address that the server saw or null, when the oldest that is still under way started, or null]
    ["held", started, ended, number, null or how it broke]     an exchange on a long-lived connection
Commands on the standard input: `hold N` opens N long-lived connections, `drop` closes them.  Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from typing import Any

SERVER = "203.0.113.80"
INTERVAL = 0.05
BUDGET = 1.0
EXCHANGE_EVERY = 0.1
HELD_PATIENCE = 20.0


under_way: set[float] = set()


def say(*fields: Any) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


async def ask() -> str:
    reader, writer = await asyncio.open_connection(SERVER, 80)
    try:
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        answer = await reader.read(-1)
        return answer.split(b"\r\n\r\n", 1)[1].decode()
    finally:
        writer.close()


async def probe() -> None:
    started = time.monotonic()
    under_way.add(started)
    try:
        address = await asyncio.wait_for(ask(), BUDGET) or None
    except (OSError, asyncio.TimeoutError, IndexError):
        address = None
    under_way.discard(started)
    say("probe", started, time.monotonic(), address, min(under_way, default=None))


async def hold(number: int) -> None:
    """One connection, with an exchange every 100 ms, until it breaks."""
    writer = None
    started = time.monotonic()
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(SERVER, 7), 5)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            started = time.monotonic()
            message = b"%012d" % (started * 1e6)
            writer.write(message)
            if await asyncio.wait_for(reader.readexactly(len(message)), HELD_PATIENCE) != message:
                raise OSError("another answer than what was sent")
            say("held", started, time.monotonic(), number, None)
            await asyncio.sleep(EXCHANGE_EVERY)
    except asyncio.CancelledError:
        raise
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
        say("held", started, time.monotonic(), number, f"{type(error).__name__}: {error}")
    finally:
        if writer:
            writer.close()


async def main() -> None:
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    running: set[asyncio.Task[None]] = set()
    held: list[asyncio.Task[None]] = []

    async def obey() -> None:
        while line := (await commands.readline()).split():
            for task in held:
                task.cancel()
            held.clear()
            if line[0] == b"hold":
                held.extend(loop.create_task(hold(number)) for number in range(int(line[1])))

    obeying = loop.create_task(obey())
    due = loop.time()
    while not obeying.done():
        task = loop.create_task(probe())
        running.add(task)
        task.add_done_callback(running.discard)
        due = max(due + INTERVAL, loop.time())
        await asyncio.sleep(due - loop.time())


if __name__ == "__main__":
    asyncio.run(main())
