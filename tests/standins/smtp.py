"""A scripted mail server.

    with MailServer([later, takes]) as server:
        ...  # sends to server.host, server.port
    assert server.received[0].recipients == ("ann@example.com",)

A message is `received` once its last line came, whatever is answered: what is in doubt for the sender is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.standins.loopback import Behaviour, Link, StandIn


@dataclass(frozen=True, slots=True)
class Mail:
    """One message with its envelope; `content` as it went over the wire, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


def takes(link: Link) -> None:
    """Take the message."""
    link.send(b"250 2.0.0 taken\r\n")


def later(link: Link) -> None:
    """Ask to try again later (451)."""
    link.send(b"451 4.3.0 try again later\r\n")


def refuses(link: Link) -> None:
    """Refuse for good (550)."""
    link.send(b"550 5.7.1 refused\r\n")


def takes_slowly(link: Link) -> None:
    """Take the message, one byte of the answer at a time."""
    link.trickle(b"250 2.0.0 taken\r\n", pause=0.02)


def never_answers(link: Link) -> None:
    """Keep the message and say nothing: the client has to time out."""
    link.stay_silent()


def takes_and_resets(link: Link) -> None:
    """Keep the message and break the connection before saying so."""
    link.reset()


def talks_garbage(link: Link) -> None:
    """Answer something that is not SMTP."""
    link.send(b"\x00\xffnonsense\r\n")


class MailServer(StandIn[Mail]):
    """Speaks as much SMTP as a client needs; the script says what follows each message."""

    def __init__(self, script: Sequence[Behaviour] = (takes,)) -> None:
        super().__init__(script)

    def converse(self, link: Link) -> None:
        """Hold one session until QUIT or the end of the connection."""
        link.send(b"220 stand-in ESMTP\r\n")
        sender, recipients = "", list[str]()
        while not link.ended and (line := link.file.readline()):
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            match verb.upper():
                case "MAIL":
                    sender, recipients = _address(rest), []
                case "RCPT":
                    recipients.append(_address(rest))
                case "DATA":
                    link.send(b"354 go on\r\n")
                    self.keep(Mail(sender, tuple(recipients), _content(link)))(link)
                    continue
                case "QUIT":
                    link.send(b"221 bye\r\n")
                    return
                case "EHLO" | "HELO" | "RSET" | "NOOP":
                    pass
                case _:
                    link.send(b"502 5.5.1 not here\r\n")
                    continue
            link.send(b"250 ok\r\n")


def _address(words: str) -> str:
    return words.partition("<")[2].partition(">")[0]


def _content(link: Link) -> bytes:
    lines = []
    while (line := link.file.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)
