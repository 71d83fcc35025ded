"""Being process 1 of a container: somebody must reap the orphans, and the signals must reach the product."""

from __future__ import annotations

import os
import signal

FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def reap_as_init() -> None:
    """When this is process 1, stay behind as a small init and return in a child; otherwise do nothing.

    The init passes signals on, reaps every orphan, and ends with the child's exit code. Call it first of all,
    before threads exist.
    """
    if os.getpid() != 1:
        return
    child = os.fork()
    if child == 0:
        os.setsid()  # Ctrl-C reaches the init alone and is passed on once
        return
    for each in FORWARDED:
        signal.signal(each, lambda number, _frame: os.kill(child, number))
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
