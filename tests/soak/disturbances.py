"""What can happen between the product and PostgreSQL, under load: the server dies or stands still,
a process of ours stands still for longer than every time-out, the network passes nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.soak.load import FILES, Load, load, proved
from tests.soak.report import Report
from tests.soak.servers import ROOT, Server
from tests.soak.serving import Served, placed, serving

#: seconds that somebody stands still: beyond `idle_in_transaction_session_timeout`,
#: `statement_timeout` and `tcp_user_timeout` (app/store/database/connection.py)
STILL_S = 18.0
ORDERS = 10


@dataclass
class Scene:
    """Where it happens."""

    server: Server
    served: list[Served]
    chance: Random
    network: Network | None


class Network:
    """A namespace with a server in it; what goes there passes a link that can be cut."""

    here, there = "10.199.7.1", "10.199.7.2"

    def __init__(self) -> None:
        self.name = f"drill{os.getpid()}"
        self.link = f"d{os.getpid()}"

    @staticmethod
    def possible() -> bool:
        return ROOT and shutil.which("ip") is not None and shutil.which("setpriv") is not None

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def begin(self) -> Network:
        inside = f"{self.link}b"
        self._ip("netns", "add", self.name)
        self._ip("link", "add", self.link, "type", "veth", "peer", "name", inside)
        self._ip("link", "set", inside, "netns", self.name)
        self._ip("addr", "add", f"{self.here}/24", "dev", self.link)
        self._ip("link", "set", self.link, "up")
        within = ("netns", "exec", self.name, "ip")
        self._ip(*within, "addr", "add", f"{self.there}/24", "dev", inside)
        self._ip(*within, "link", "set", inside, "up")
        self._ip(*within, "link", "set", "lo", "up")
        return self

    @property
    def before(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def passes(self, yes: bool) -> None:
        self._ip("netns", "exec", self.name, "ip", "link", "set", f"{self.link}b",
                 "up" if yes else "down")  # fmt: skip

    def end(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._ip("link", "del", self.link)
        with suppress(subprocess.CalledProcessError):
            self._ip("netns", "del", self.name)


def killed(scene: Scene, seconds: float) -> None:
    scene.server.crash(signal.SIGKILL)


def at_once(scene: Scene, seconds: float) -> None:
    """As `pg_ctl stop -m immediate`."""
    scene.server.crash(signal.SIGQUIT)


def thrown_out(scene: Scene, seconds: float) -> None:
    """Every connection is ended by the server."""
    scene.server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )


def database_stands_still(scene: Scene, seconds: float) -> None:
    scene.server.hold()
    time.sleep(seconds)
    scene.server.go_on()


def process_stands_still(scene: Scene, seconds: float) -> None:
    """Whatever it holds, the database takes it away; what it wakes up to do is refused."""
    one = scene.chance.choice(scene.served)
    one.send(signal.SIGSTOP)
    time.sleep(seconds)
    one.send(signal.SIGCONT)


def network_cut(scene: Scene, seconds: float) -> None:
    assert scene.network is not None
    scene.network.passes(False)
    time.sleep(seconds)
    scene.network.passes(True)


KINDS: dict[str, Callable[[Scene, float], None]] = {
    made.__name__: made
    for made in (
        killed,
        at_once,
        thrown_out,
        database_stands_still,
        process_stands_still,
        network_cut,
    )
}


def drill(
    seed: int, size: int, folder: Path, kinds: list[str] | None = None, still: float = STILL_S
) -> Report:
    """`size`: rounds, each with every kind. `still`: seconds that a thing stands still."""
    report = Report("disturbances", seed)
    wanted = list(kinds or KINDS)
    network = None
    if network_cut.__name__ in wanted and not Network.possible():
        wanted.remove(network_cut.__name__)
        report.left_out.append("only root can make a network of its own")
    elif network_cut.__name__ in wanted:
        network = Network().begin()
    server = Server(folder / "data")
    if network is not None:
        server.host, server.before = network.there, network.before
    try:
        server.begin()
        place = placed(folder / "site", FILES, server.url, insecure=["database"])
        with serving(place, 3) as served, load(place, [x.port for x in served], seed) as made:
            scene = Scene(server, served, Random(seed), network)
            for _ in range(size):
                for name in wanted:
                    _one(name, scene, still, made, report)
        proved(made, report)
        slowest = max(sender.slowest for sender in made.senders)
        report.counts["s for the slowest answer"] = round(slowest)
        place.letting_go()
    finally:
        server.kill()
        if network is not None:
            network.end()
    return report.ended()


def _one(name: str, scene: Scene, still: float, made: Load, report: Report) -> None:
    made.more(ORDERS)
    KINDS[name](scene, still)
    made.more(ORDERS)
    report.counts[name.replace("_", " ")] += 1
