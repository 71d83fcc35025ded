"""Us: accounts, their roles and what a role may do."""
