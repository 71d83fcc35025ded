"""Django's PostgreSQL backend: a cheaper look at whether a kept connection lives, no waiting for a silent server."""
