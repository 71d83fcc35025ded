"""The promise: a case with its clocks, stages and tasks, from the first word to the close."""
