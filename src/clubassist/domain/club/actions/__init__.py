"""Everything that can be done with clubs and their rules; each function is one write with its facts."""

from clubassist.domain.club.actions.adopting import adopt_pack, adopt_shipped, store_pack
from clubassist.domain.club.actions.drafting import begin_draft, discard_draft, publish_draft, save_draft
from clubassist.domain.club.actions.founding import found_club

__all__ = [
    "adopt_pack",
    "adopt_shipped",
    "begin_draft",
    "discard_draft",
    "found_club",
    "publish_draft",
    "save_draft",
    "store_pack",
]
