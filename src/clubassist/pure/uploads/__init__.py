"""What a file that somebody sends really is, and a copy of it that holds nothing but what it shows."""

from clubassist.pure.uploads.copying import PDF, PICTURES, Copy, Unreadable, harmless_copy

__all__ = ["PDF", "PICTURES", "Copy", "Unreadable", "harmless_copy"]
