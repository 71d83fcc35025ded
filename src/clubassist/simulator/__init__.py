"""Drives the real actions with its own time and seed: the demo's club group, and later whole chains."""
