"""The backend that `DATABASES` names."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that asks the server whether it is there only when there is a sign that it is not."""

    def is_usable(self) -> bool:
        """Tell whether the connection lives: a server that left said so, or closed, and the socket became readable."""
        if self.connection is None or self.connection.closed:
            return False
        sign = select.poll()
        sign.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if sign.poll(0) else True
