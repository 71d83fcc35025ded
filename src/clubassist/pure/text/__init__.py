"""What people type, made comparable: folded characters, with the way back to the original."""

from clubassist.pure.text.fold import Folded, fold

__all__ = ["Folded", "fold"]
