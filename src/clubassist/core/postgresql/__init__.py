"""Django's PostgreSQL backend, with a cheaper look at whether a kept connection lives, and no waiting for a silent server."""
