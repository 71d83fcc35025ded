"""The child process that copies one file: bytes in, then its type, a line's end and the copy out; within limits.

Ends with 0, or with 2 and a code when the file is not taken. Whatever else ends it means that it could not be read.
"""

from __future__ import annotations

import resource
import sys
from typing import Final

from clubassist.pure.uploads import Unreadable, harmless_copy

MOST_MEMORY: Final = 384 * 1024 * 1024
MOST_SECONDS: Final = 8


def main() -> int:
    """Copy what comes in, with no more memory and time than a large photo takes, and nothing written to any file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        copy = harmless_copy(sys.stdin.buffer.read())
    except Unreadable as error:
        sys.stdout.write(error.code)
        return 2
    sys.stdout.buffer.write(copy.content_type.encode() + b"\n" + copy.content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
