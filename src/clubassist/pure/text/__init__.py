"""What people type, made comparable and findable: folded characters, words for an index, names in pinyin."""

from clubassist.pure.text.fold import Folded, fold
from clubassist.pure.text.names import name_lexemes
from clubassist.pure.text.words import Sought, lexemes, tsvector

__all__ = ["Folded", "Sought", "fold", "lexemes", "name_lexemes", "tsvector"]
