"""The API: the same actions for machines, under `/api/v1/`."""
