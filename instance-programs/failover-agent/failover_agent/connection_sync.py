"""Copies the table of connections to the peer, so that connections survive a takeover. Experimental."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .configuration import Configuration

PORT = 3780
FOLDER = Path("/run/cdk-fault-tolerance")


class ConnectionSync:
    """Runs conntrackd beside the agent. Its own failure breaks no NAT: a takeover resets connections then, as without it."""

    def __init__(self, configuration: Configuration, device: str, folder: Path = FOLDER) -> None:
        self._text = conntrackd_configuration(configuration, device, folder)
        self._folder = folder
        self._process: subprocess.Popen | None = None

    def keep_running(self) -> bool:
        """Starts it, also when it has ended; False when it cannot be started."""
        if self._process is not None and self._process.poll() is None:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / "conntrackd.conf"
        file.write_text(self._text)
        (self._folder / "conntrackd.lock").unlink(missing_ok=True)  # what a killed one left
        (self._folder / "conntrackd.ctl").unlink(missing_ok=True)
        try:
            self._process = subprocess.Popen(["conntrackd", "-C", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def conntrackd_configuration(configuration: Configuration, device: str, folder: Path) -> str:
    """Entries go straight into the peer's kernel (no external cache), over UDP between the two interfaces."""
    [peer] = configuration.peers.values()
    own: list[str] = ["127.0.0.1", configuration.address, peer, *(source.address for source in configuration.nat.sources.values())]
    ignored = "\n".join(f"      IPv4_address {address}" for address in own)
    return f"""Sync {{
  Mode FTFW {{
    DisableExternalCache On
    StartupResync On
  }}
  UDP {{
    IPv4_address {configuration.address}
    IPv4_Destination_Address {peer}
    Port {PORT}
    Interface {device}
    Checksum on
  }}
}}
General {{
  HashSize 32768
  HashLimit 131072
  LockFile {folder}/conntrackd.lock
  UNIX {{
    Path {folder}/conntrackd.ctl
  }}
  NetlinkBufferSize 2097152
  NetlinkBufferSizeMaxGrowth 8388608
  Filter From Userspace {{
    Protocol Accept {{
      TCP
      UDP
    }}
    Address Ignore {{
{ignored}
    }}
  }}
}}
"""
