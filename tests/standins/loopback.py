"""A listener on the loopback that plays a script: one behaviour for each exchange, the last one for all that follow."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, Self, TypeVar

Received = TypeVar("Received")
LONGEST_SILENCE = 60.0


class Link:
    """One accepted connection, as a behaviour sees it."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.socket = connection
        self.file = connection.makefile("rb")
        self._over = over

    @property
    def ended(self) -> bool:
        """Tell whether our side has broken the connection."""
        return self.file.closed

    def send(self, content: bytes) -> None:
        """Send all of it."""
        self.socket.sendall(content)

    def trickle(self, content: bytes, *, pause: float) -> None:
        """Send one byte at a time with a pause (seconds) after each."""
        for byte in content:
            self.send(bytes([byte]))
            self._over.wait(pause)

    def stay_silent(self) -> None:
        """Say nothing until the stand-in is closed."""
        self._over.wait(LONGEST_SILENCE)

    def reset(self) -> None:
        """End the connection with RST instead of a proper good-bye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.file.close()
        self.socket.close()


Behaviour = Callable[[Link], None]


class StandIn(Generic[Received]):
    """Base of the stand-ins: `received` is what came in, `script` what is answered. Use it as a context manager."""

    def __init__(self, script: Sequence[Any]) -> None:
        self.received: list[Received] = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.host, self.port = self._listener.getsockname()[:2]

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        # Wakes accept(), which closing the socket alone would not.
        socket.create_connection((self.host, self.port), timeout=1).close()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _begin(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._over.is_set():
                connection.close()
                return
            self._begin(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # A client that went away mid-answer is part of the play.
        link = Link(connection, self._over)
        try:
            connection.settimeout(LONGEST_SILENCE)
            self.converse(link)
        except OSError:
            pass
        finally:
            link.close()

    def converse(self, link: Link) -> None:
        """Hold one conversation."""
        raise NotImplementedError

    def keep(self, received: Received) -> Any:
        """Note what came in; return the next thing of the script."""
        with self._lock:
            self.received.append(received)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]
