"""Python reads this first in every process of a demo that a journey moves through time.

The product's clock runs ahead by the seconds that stand in the file named by JOURNEY_AHEAD; everything else is real.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from clubassist.core import clock

if file := os.environ.get("JOURNEY_AHEAD"):
    of_web, of_database = clock.now, clock.database_now

    place = Path(file)

    def _ahead() -> timedelta:
        return timedelta(seconds=int(place.read_text()))

    def now() -> datetime:
        """Return the application's time, ahead of the real one."""
        return of_web() + _ahead()

    def database_now() -> datetime:
        """Return PostgreSQL's time, as far ahead."""
        return of_database() + _ahead()

    clock.now, clock.database_now = now, database_now
