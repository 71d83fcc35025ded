"""The fault harness: abort a write at each of its statements, kill processes under load, take the database away."""
