"""Floor 0: arithmetic and rules without Django, without a database and without a clock."""
