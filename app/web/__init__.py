"""The pages and the API as a Flask application: `create_web` puts the parts together.

Each subject has its module; what they need from outside is in `site`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import Flask, Request

from app.web import errors, guard, headers, provider, rendering, session
from app.web.blueprints import EXEMPT, PAGES
from app.web.forms import Bounded
from app.web.site import EXTENSION, Site, site

if TYPE_CHECKING:
    from app.casework import Desk
    from app.config import Config

#: a picture or stylesheet whose address carries its content's mark never changes
STATIC_SECONDS = 86_400


class _Request(Request):
    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        """In memory, and so much of each as may be sent."""
        return Bounded(BytesIO(), max(guard.UPLOAD_BYTES, site().config.files.most_bytes))


class _Web(Flask):
    request_class = _Request

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
