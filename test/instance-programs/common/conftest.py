from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from local_servers import Certificates, LocalServer, Respond


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], LocalServer]]:
    """Starts a server over plain HTTP."""
    yield from _servers(None)


@pytest.fixture
def serve_tls(certificates: Certificates) -> Iterator[Callable[[Respond], LocalServer]]:
    """Starts a server over TLS, whose authority nobody trusts yet."""
    yield from _servers(certificates.server_context)


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority_file))


def _servers(context) -> Iterator[Callable[[Respond], LocalServer]]:
    servers: list[LocalServer] = []

    def start(respond: Respond) -> LocalServer:
        servers.append(LocalServer(respond, context))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
