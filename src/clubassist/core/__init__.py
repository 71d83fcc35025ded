"""Floor 1: what every room stands on; knows no noun of the club."""
