"""What must not leak, looked for everywhere."""
