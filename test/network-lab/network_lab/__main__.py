"""`python -m network_lab STACK`: start the lab by hand, look around, and press Enter to end it."""

from __future__ import annotations

import sys

from .lab import Lab


def main() -> None:
    with Lab(sys.argv[1] if len(sys.argv) > 1 else "PerAz", failback_after=None) as lab:
        for zone in lab.zones:
            machine = lab.machine(zone)
            print(f"zone {zone}: {machine.instance_id}, journal {machine.journal_path}")
            print(f"  shell: nsenter --target {machine.init} --mount --net --pid env PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/bin bash")
        print(f"router: ip netns exec {lab.router.namespace.name} bash")
        input("Enter ends the lab ")


if __name__ == "__main__":
    main()
