"""Writing new rules: one person drafts, another publishes, and the club adopts what was reviewed (F13)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.club import rules
from clubassist.domain.club.actions.adopting import MANAGERS, adopt_pack, store_pack
from clubassist.domain.club.facts import DraftDiscarded, DraftPublished, DraftWritten
from clubassist.domain.club.models import Adoption, Club, Draft, PackVersion
from clubassist.domain.club.reading import read_draft, text_of

LARGEST_KILOBYTES: Final = 400


@action
def begin_draft(
    *, club: Club, base: PackVersion | None = None, text: str = "", actor: Actor, at: datetime
) -> Draft:
    """Begin a draft for a club: with a text of one's own, or else with that of a stored version.

    Records DraftWritten. Raises Refused without the right, naming the field otherwise.
    """
    if not rules.may_adopt(actor, club):
        raise Refused("not-allowed", mend=MANAGERS, status=403)
    if not text and base is None:
        raise Refused("base-missing", field="base", mend=_("Choose a version to begin with, or a file."))
    kept = _kept(text or (text_of(base) if base else ""))
    draft = Draft.objects.create(
        club=club, base=base, author=actor.key, created_at=at, changed_at=at, **_texts(kept)
    )
    record(DraftWritten(draft.pk, club.pk, draft.digest), actor=actor, at=at, scope=club.pk)
    return draft


@action
def save_draft(*, draft: Draft, text: str, seen: str, actor: Actor, at: datetime) -> Draft:
    """Give a draft another text, sound or not; `seen` is the digest of the text that its author changed.

    Records DraftWritten; the same text again changes nothing. Raises Missing, Refused for anybody but its author or
    naming the field, Conflict when it was saved elsewhere since or is no longer open.
    """
    draft = _locked(draft, actor=actor)
    if not rules.may_write(actor, draft):
        mend = _("Only its author writes on a draft. Begin one of your own.")
        raise Refused("not-the-author", mend=mend, status=403)
    changed = _texts(_kept(text))
    if seen != draft.digest:
        mend = _("You saved this draft elsewhere in the meantime. Compare the two, then save again.")
        raise Conflict("draft-changed", field="text", mend=mend)
    if changed["digest"] == draft.digest:
        return draft
    draft.text, draft.digest, draft.changed_at = changed["text"], changed["digest"], at
    draft.save(update_fields=["text", "digest", "changed_at"])
    record(DraftWritten(draft.pk, draft.club_id, draft.digest), actor=actor, at=at, scope=draft.club_id)
    return draft


@action
def discard_draft(*, draft: Draft, actor: Actor, at: datetime) -> Draft:
    """Give a draft up; its text is kept. Records DraftDiscarded. Raises Missing, Conflict when it is not open."""
    draft = _locked(draft, actor=actor)
    draft.discarded_by, draft.discarded_at = actor.key, at
    draft.save(update_fields=["discarded_by", "discarded_at"])
    record(DraftDiscarded(draft.pk, draft.club_id), actor=actor, at=at, scope=draft.club_id)
    return draft


@action
def publish_draft(
    *, draft: Draft, seen: str, effective_from: datetime, actor: Actor, at: datetime
) -> Adoption:
    """Make a draft that somebody else wrote an immutable version, by which its club runs from a date on.

    `seen` is the digest of the text that was reviewed. Open cases keep the version they began with. Records PackStored,
    PackAdopted and DraftPublished. Raises Missing, Refused for its author, for a text with problems and as `adopt_pack`
    does, Conflict when the text changed since the review or the draft is no longer open.
    """
    draft = _locked(draft, actor=actor)
    if not rules.may_publish(actor, draft):
        mend = _("Somebody else has to publish what you wrote. Ask another manager of this club.")
        raise Refused("own-draft", mend=mend, status=403)
    if seen != draft.digest:
        mend = _("The draft was changed since you reviewed it. Look at it again before you publish.")
        raise Conflict("draft-changed", mend=mend)
    read = read_draft(draft, at=at)
    if read.pack is None or read.problems:
        raise Refused("draft-unsound", mend=_("The draft has problems. Its author has to mend them first."))
    version = store_pack(pack=read.pack, author=draft.author, actor=actor, at=at)
    adoption = adopt_pack(club=draft.club, version=version, effective_from=effective_from, actor=actor, at=at)
    draft.version, draft.published_by, draft.published_at = version, actor.key, at
    draft.save(update_fields=["version", "published_by", "published_at"])
    fact = DraftPublished(
        draft_id=draft.pk, club_id=draft.club_id, pack_version_id=version.pk, digest=draft.digest
    )
    record(fact, actor=actor, at=at, scope=draft.club_id)
    return adoption


def _locked(draft: Draft, *, actor: Actor) -> Draft:
    """Return the open draft, locked for this transaction. Raises Missing out of sight, Conflict when it has ended."""
    visible = Draft.objects.visible_to(actor).filter(pk=draft.pk)
    row = visible.select_related("club").select_for_update(of=("self",)).first()
    if row is None:
        raise Missing
    if not row.open:
        raise Conflict("draft-ended", mend=_("This draft was published or discarded already."))
    return row


def _texts(text: str) -> dict[str, Any]:
    return {"text": text, "digest": hashlib.sha256(text.encode()).hexdigest()}


def _kept(text: str) -> str:
    """Return a text with plain line ends. Raises Refused for one that is empty, too long or cannot be kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Refused("text-missing", field="text", mend=_("Write the rules, or choose a file."))
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        size = None
    if size is None or "\0" in text or "\ufffd" in text:
        mend = _("The text holds characters that nobody can write (NUL, or half a character). Take them out.")
        raise Refused("text-unreadable", field="text", mend=mend)
    if size > LARGEST_KILOBYTES * 1000:
        mend = _("The text has more than %(most)s kB. Split the rules into several packs.")
        raise Refused("text-too-long", field="text", mend=mend % {"most": LARGEST_KILOBYTES})
    return text
