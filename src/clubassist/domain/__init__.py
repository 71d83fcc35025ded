"""Floor 2: the rooms, bottom to top; each may import every room below it."""
