"""What a proxy in front of the site says of a request, believed of trusted ones alone.

Who asks is the last address that no trusted proxy has; the scheme is what the proxy was reached
by. Of one that is not named nothing is believed but that somebody stands behind it. Under which
names the site answers is a setting too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from app.casework.cases import installation_log
from app.config.safety import is_here
from app.web.site import refused

if TYPE_CHECKING:
    from app.config import Web

#: for machines that watch, which ask by the bare address
HEALTH = frozenset({"/healthz", "/livez", "/readyz", "/metrics"})
_MISDIRECTED = 421
#: in the surroundings of a request that a proxy passed on: whether we know for whom
_KNOWN_FOR = "app.proxy.known_for"
#: by what else than X-Forwarded-… a proxy shows itself
_SHOWN_BY = frozenset({"HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP"})
_LOOPBACK = ("127.0.0.0/8", "::1")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """WSGI: lays what a trusted proxy says over what the server knows, drops what others say."""

    def __init__(self, app: Callable[..., Iterable[bytes]], trusted: Sequence[str]) -> None:
        self.app = app
        self.trusted = networks(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        shown = [n for n in environ if n.startswith("HTTP_X_FORWARDED_") or n in _SHOWN_BY]
        known = False
        if self._trusts(str(environ.get("REMOTE_ADDR", ""))):
            known = self._lay_over(environ)
        else:
            for name in shown:
                del environ[name]
        if shown:
            environ[_KNOWN_FOR] = known
        return self.app(environ, start_response)

    def _lay_over(self, environ: dict[str, Any]) -> bool:
        """Whether it says for whom it asks."""
        known = False
        chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        for address in reversed([part for part in chain if part]):
            known = _address(address) is not None
            if not known:
                break  # what stands before it was said by nobody we know
            environ["REMOTE_ADDR"] = address
            if not self._trusts(address):
                break
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        return known

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


def is_watcher(watchers: Sequence[str]) -> bool:
    """Whether who asks is this machine or one of these addresses or networks.

    A proxy on this machine comes from its own address too, and outsiders with it. So this machine
    is who asks with no proxy between, under a name of its own: a proxy that says nothing of itself
    still passes on the name of the site.
    """
    address = request.remote_addr or ""
    known = request.environ.get(_KNOWN_FOR)
    if known is None and lies_in(address, networks(_LOOPBACK)) and is_here(_asked_host()):
        return True
    return known is not False and lies_in(address, networks(watchers))


def _asked_host() -> str:
    """The name under which the site was asked, without a port."""
    host = request.host.lower()
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def install(app: Flask, web: Web) -> None:
    app.wsgi_app = TrustedProxies(app.wsgi_app, web.trusted_proxies)  # type: ignore[method-assign]

    def named() -> Response | None:
        host = _asked_host()
        if not web.hosts or host in web.hosts or request.path in HEALTH:
            return None
        refused(installation_log.HOST)
        words = "This site is not reached under this name.\n"
        return Response(words, _MISDIRECTED, content_type="text/plain; charset=utf-8")

    app.before_request(named)
