"""What a proxy in front of the site says of a request, believed of trusted ones alone.

Who asks is the last address that no trusted proxy has; the scheme is what the proxy was reached
by. Under which names the site answers is a setting too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from app.casework.cases import installation_log
from app.web.site import refused

if TYPE_CHECKING:
    from app.config import Web

#: for machines that watch, which ask by the bare address
HEALTH = frozenset({"/healthz", "/livez", "/readyz", "/metrics"})
_MISDIRECTED = 421
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """WSGI: lays what a trusted proxy says over what the server knows."""

    def __init__(self, app: Callable[..., Iterable[bytes]], trusted: Sequence[str]) -> None:
        self.app = app
        self.trusted = networks(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self._trusts(str(environ.get("REMOTE_ADDR", ""))):
            self._lay_over(environ)
        return self.app(environ, start_response)

    def _lay_over(self, environ: dict[str, Any]) -> None:
        chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        for address in reversed([part for part in chain if part]):
            if _address(address) is None:
                break  # what stands before it was said by nobody we know
            environ["REMOTE_ADDR"] = address
            if not self._trusts(address):
                break
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme

    def _trusts(self, address: str) -> bool:
        return lies_in(address, self.trusted)


def networks(named: Sequence[str]) -> list[_Network]:
    """The addresses and networks of a setting, which was checked when it was read."""
    return [ipaddress.ip_network(each) for each in named]


def lies_in(address: str, several: Iterable[_Network]) -> bool:
    """False for what is no address."""
    known = _address(address)
    return known is not None and any(known in network for network in several)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def install(app: Flask, web: Web) -> None:
    if web.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, web.trusted_proxies)  # type: ignore[method-assign]

    def named() -> Response | None:
        host = request.host.lower()
        if not host.endswith("]"):
            host = host.rpartition(":")[0] or host
        if not web.hosts or host in web.hosts or request.path in HEALTH:
            return None
        refused(installation_log.HOST)
        words = "This site is not reached under this name.\n"
        return Response(words, _MISDIRECTED, content_type="text/plain; charset=utf-8")

    app.before_request(named)
