"""Owns who may keep a connection: slow and half-open ones give way, so that others are answered;
and how a server ends: who has asked already is answered first.

waitress reads and writes for all connections in one thread and gives a request to one of its
workers when it has come whole, so a slow sender holds no worker. What it lacks is an end for
requests that never come whole, and room for new connections when all are taken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from app.config.safety import demand_safe
from app.web import create_web
from app.web.arriving import MOST_SENT

if TYPE_CHECKING:
    from app.casework import Desk
    from app.config import Config

#: connections at a time; well below the files that a process may usually open
MOST = 800
#: … of which so many are kept free, by closing those that wait for nothing of ours, oldest first
FREE = 100
#: seconds after which one that sends nothing is closed
IDLE = 60
#: seconds within which a request must have come: its head, and all of it; and bytes a second with
#: which it may take longer, so that files come over a slow line too
HEAD, WHOLE, SLOWEST = 15, 120, 20_000
#: around the most that pages read, which has its own page where it is more: what is longer still is
#: turned away as soon as its head says so
MORE_BYTES = 12_000_000
#: seconds that what is being answered has left when the server is told to end
DRAIN = 15


class Channel(HTTPChannel):
    #: when the request that is coming began to come
    begun = 0.0

    def received(self, data: bytes) -> Any:
        before = self.request
        answer = super().received(data)
        if self.request is not None and self.request is not before:
            self.begun = time.monotonic()
        return answer

    @property
    def waits(self) -> bool:
        """It has an answer to come, or one on its way."""
        return bool(self.requests or self.total_outbufs_len)

    def overdue(self, now: float) -> bool:
        coming = self.request
        if coming is None or self.requests:
            return False
        if not coming.headers_finished:
            return bool(now - self.begun > HEAD)
        return bool(now - self.begun > WHOLE + coming.body_bytes_received / SLOWEST)


class Listener(TcpWSGIServer):
    channel_class = Channel

    def readable(self) -> bool:
        if len(self._map) > self.adj.connection_limit - FREE:
            self._make_room()
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        passed = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.overdue(passed):
                channel.will_close = True

    def _make_room(self) -> None:
        idle = [channel for channel in self.active_channels.values() if not channel.waits]
        idle.sort(key=lambda channel: channel.last_activity)
        for channel in idle[: FREE // 2]:
            channel.will_close = True


def serving(server: Any, stop: threading.Event) -> None:
    """Answers until `stop` is set; then takes nobody new, and ends once who has asked is answered,
    or after DRAIN seconds."""
    several = isinstance(server, MultiSocketServer)
    connections = server.map if several else server._map
    while not stop.is_set():
        wasyncore.loop(timeout=1, count=1, map=connections, use_poll=True)
    for listener in [part for part in connections.values() if isinstance(part, Listener)]:
        listener.del_channel()
        listener.socket.close()  # its trigger stays: by it workers say that an answer is there
    ends = time.monotonic() + DRAIN
    while time.monotonic() < ends and any(map(_unanswered, connections.values())):
        wasyncore.loop(timeout=0.2, count=1, map=connections, use_poll=True)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(connections, ignore_all=True)


def _unanswered(part: Any) -> bool:
    return isinstance(part, Channel) and (part.waits or part.request is not None)


def pages(desk: Desk, config: Config, clock: Callable[[], datetime], **settings: Any) -> Any:
    """The pages and the API, listening; as `listening`. ConfigError where that is not safe."""
    demand_safe(config, str(settings["host"]))
    return listening(create_web(desk, config, clock), **settings)


def listening(web: Any, **settings: Any) -> Any:
    """As `waitress.create_server`. Raises OSError, OverflowError or ValueError for an address that
    cannot be listened on."""
    settings = {
        "connection_limit": MOST,
        "channel_timeout": IDLE,
        "cleanup_interval": 5,
        "max_request_body_size": MOST_SENT + MORE_BYTES,
        "asyncore_use_poll": True,  # without it, no file above number 1,023 could be waited for
    } | settings
    adjusted = Adjustments(**settings)
    workers = ThreadedTaskDispatcher()
    channels: dict[int, Any] = {}
    listeners = [
        Listener(web, channels, dispatcher=workers, adj=adjusted, sockinfo=address)
        for address in adjusted.listen
    ]
    workers.set_thread_count(adjusted.threads)
    if len(listeners) == 1:
        return listeners[0]
    places = [(each.effective_host, each.effective_port) for each in listeners]
    return MultiSocketServer(channels, adjusted, places, workers, listeners[-1].log_info)
