"""Them: members, guests and prospects, and how to reach them."""
