"""One module per service; importing a module declares its types."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    for module in pkgutil.walk_packages(__path__, __name__ + "."):
        importlib.import_module(module.name)
