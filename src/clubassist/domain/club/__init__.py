"""Where, and by which rules: clubs, venues, areas, opening hours, packs in force."""
