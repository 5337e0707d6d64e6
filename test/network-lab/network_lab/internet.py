"""The internet, as a process in its namespace: HTTP on port 80 that answers with the client's address, and an echo on port 7.

Ends with its standard input, so that it does not outlive a lab that was killed.
"""

from __future__ import annotations

import asyncio
import sys


async def tell_address(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        body = writer.get_extra_info("peername")[0].encode()
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main() -> None:
    await asyncio.start_server(tell_address, "0.0.0.0", 80, backlog=512)
    await asyncio.start_server(echo, "0.0.0.0", 7, backlog=512)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
