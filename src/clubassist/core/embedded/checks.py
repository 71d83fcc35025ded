"""What the product asks of a database before it starts on it (reliability A7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

EMBEDDED_FLOOR = 180004
FLOOR = 150000
MAX_SKEW = timedelta(seconds=5)


def boot_checks(
    connection: BaseDatabaseWrapper, *, production: bool, embedded: bool, at: datetime
) -> list[str]:
    """Return every reason to refuse this database, as sentences for the operator; empty when there is none.

    A server that is too old is refused always, the rest in production only. `at` is the application's time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), current_setting('server_version_num')::int,"
            " current_setting('fsync'), current_setting('full_page_writes'),"
            " current_setting('synchronous_commit'), current_setting('data_checksums')"
        )
        moment, version, fsync, full_page_writes, synchronous_commit, checksums = cursor.fetchone()
    refusals = _too_old(version, EMBEDDED_FLOOR if embedded else FLOOR)
    if not production:
        return refusals
    for name, value in (
        ("fsync", fsync),
        ("full_page_writes", full_page_writes),
        ("synchronous_commit", synchronous_commit),
    ):
        if value == "off":
            refusals.append(
                _("PostgreSQL runs with %(name)s=off: a power cut would lose data. Set it on.")
                % {"name": name}
            )
    if embedded and checksums == "off":
        refusals.append(_("The database files have no checksums. Turn them on with pg_checksums --enable."))
    skew = abs(moment.astimezone(UTC) - at)
    if skew > MAX_SKEW:
        refusals.append(
            _("This machine's clock and the database's differ by %(seconds)d seconds. Synchronise them.")
            % {"seconds": skew.total_seconds()}
        )
    return refusals


def _too_old(version: int, floor: int) -> list[str]:
    if version >= floor:
        return []
    shown, needed = (f"{number // 10000}.{number % 10000}" for number in (version, floor))
    return [
        _("PostgreSQL %(shown)s is too old: %(needed)s or newer is needed.")
        % {"shown": shown, "needed": needed}
    ]
