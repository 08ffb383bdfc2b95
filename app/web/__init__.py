"""The pages and the API as a Flask application: `create_web` puts the parts together.

Each subject has its module; what they need from outside is in `site`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask

from app.web import arriving, errors, guard, headers, provider, rendering, session
from app.web.blueprints import EXEMPT, PAGES
from app.web.site import EXTENSION, Site

if TYPE_CHECKING:
    from app.casework import Desk
    from app.config import Config

#: a picture or stylesheet whose address carries its content's mark never changes
STATIC_SECONDS = 86_400


class _Web(Flask):
    request_class = arriving.Request
    jinja_environment = rendering.Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine: Flask need not look at each function of each request."""
        return func


def create_web(desk: Desk, config: Config, clock: Callable[[], datetime]) -> Flask:
    """`clock` gives the present, aware UTC. Everything the pages do goes through `desk`."""
    app = _Web(__name__)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.extensions[EXTENSION] = Site(desk=desk, config=config, clock=clock)
    headers.install(app)
    errors.install(app)
    guard.install(app, config.secrets_dir, config.web, exempt=EXEMPT)
    session.install(app)
    provider.install(app, config)
    rendering.install(app)
    for blueprint in (*PAGES, *EXEMPT):
        app.register_blueprint(blueprint)
    return app
