"""The stand-in for mail servers does what its script says, and remembers what it was sent."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from tests.standins.smtp import (
    MailServer,
    later,
    never_answers,
    refuses,
    takes,
    takes_and_resets,
    takes_slowly,
    talks_garbage,
)

TEXT = "Subject: hi\r\n\r\n.a dot at the start\r\nend"


def send(server: MailServer, *, timeout: float = 5) -> None:
    """Send one message to two people."""
    client = smtplib.SMTP(server.host, server.port, local_hostname="here", timeout=timeout)
    try:
        client.sendmail("club@example.com", ["ann@example.com", "bo@example.com"], TEXT)
    finally:
        client.close()


def test_message_is_on_record_as_it_was_sent() -> None:
    with MailServer() as server:
        send(server)
    (mail,) = server.received
    assert (mail.sender, mail.recipients) == ("club@example.com", ("ann@example.com", "bo@example.com"))
    assert mail.content == TEXT.encode() + b"\r\n"


def test_several_messages_in_one_session() -> None:
    with MailServer() as server, smtplib.SMTP(server.host, server.port, local_hostname="here") as client:
        for _ in range(2):
            client.sendmail("a@example.com", ["b@example.com"], TEXT)
    assert len(server.received) == 2


def test_script_is_played_in_order() -> None:
    with MailServer([later, refuses, takes_slowly, takes]) as server:
        for code in (451, 550):
            with pytest.raises(smtplib.SMTPDataError) as refused:
                send(server)
            assert refused.value.smtp_code == code
        send(server)
        send(server)
    assert len(server.received) == 4


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (never_answers, TimeoutError),
        (takes_and_resets, smtplib.SMTPServerDisconnected),
        (talks_garbage, smtplib.SMTPException),
    ],
)
def test_broken_exchange_fails_at_the_client_but_is_on_record(behaviour: Any, error: type[Exception]) -> None:
    with MailServer([behaviour]) as server:
        with pytest.raises((error, smtplib.SMTPServerDisconnected)):
            send(server, timeout=0.5)
        assert len(server.received) == 1
