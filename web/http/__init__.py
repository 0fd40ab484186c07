"""The web around the features: rendering, htmx, sessions, errors, headers."""
