"""The JSON API: routes, bodies, problems and their description."""
