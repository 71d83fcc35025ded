"""Scripted stand-ins for mail servers and HTTP providers, on the loopback."""
