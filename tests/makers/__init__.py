"""Small makers of real rows, by the real actions."""
