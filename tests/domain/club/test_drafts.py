"""One person writes new rules, another publishes them, and no open case is touched (F13)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.models import Case
from clubassist.domain.club.actions import begin_draft, discard_draft, publish_draft, save_draft
from clubassist.domain.club.actions.drafting import LARGEST_KILOBYTES
from clubassist.domain.club.models import Adoption, Club, Draft, PackVersion
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.club.reading import read_draft, review
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.policy import Fate
from tests.domain.club.rules import common_text, solved_within
from tests.makers.cases import make_case
from tests.makers.people import make_account

pytestmark = pytest.mark.req("F13")
HOUR = timedelta(hours=1)


@pytest.fixture
def eve(club: Club) -> Actor:
    """A second manager of the club."""
    return staff_actor(make_account("eve", "management", club))


@pytest.fixture
def draft(club: Club, cy: Actor, at: datetime) -> Draft:
    """Cy's draft: complaints are to be solved within twelve hours."""
    return begin_draft(club=club, text=solved_within("12 h"), actor=cy, at=at)


def publish(draft: Draft, actor: Actor, at: datetime, since: datetime | None = None) -> Adoption:
    return publish_draft(draft=draft, seen=draft.digest, effective_from=since or at, actor=actor, at=at)


def solution(case: Case) -> timedelta:
    clock = case.clocks.get(promise="solution")
    return clock.due_at - clock.started_at


def test_published_rules_move_tomorrows_cases_and_not_yesterdays(
    club: Club, draft: Draft, cy: Actor, eve: Actor, at: datetime
) -> None:
    yesterday = make_case(club, at=at - 24 * HOUR)
    due = yesterday.clocks.get(promise="solution").due_at
    adoption = publish(draft, eve, at, since=at + HOUR)
    assert solution(make_case(club, at=at + HOUR / 2)) == 24 * HOUR
    assert solution(make_case(club, at=at + HOUR)) == 12 * HOUR
    assert yesterday.clocks.get(promise="solution").due_at == due
    assert yesterday.pack_versions == Case.objects.get(pk=yesterday.pk).pack_versions
    assert (adoption.adopted_by, adoption.pack_version.author) == (eve.key, cy.key)
    draft.refresh_from_db()
    assert (draft.version, draft.published_by, draft.open) == (adoption.pack_version, eve.key, False)
    facts = Entry.objects.filter(actor=eve.key).order_by("pk").values_list("fact", flat=True)
    assert list(facts) == ["PackStored", "PackAdopted", "DraftPublished"]


def test_nobody_publishes_what_they_wrote(draft: Draft, cy: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        publish(draft, cy, at)
    assert (refused.value.code, refused.value.status) == ("own-draft", 403)
    own = {"published_by": draft.author, "published_at": at, "version": PackVersion.objects.all()[0]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(**own)


def test_what_changed_since_the_review_is_not_published(
    draft: Draft, cy: Actor, eve: Actor, at: datetime
) -> None:
    reviewed = draft.digest
    save_draft(draft=draft, text=solved_within("6 h"), seen=draft.digest, actor=cy, at=at)
    with pytest.raises(Conflict) as refused:
        publish_draft(draft=draft, seen=reviewed, effective_from=at, actor=eve, at=at)
    assert refused.value.code == "draft-changed"
    assert not PackVersion.objects.filter(version="2026.9").exists()


def test_an_unsound_draft_is_kept_and_not_published(club: Club, cy: Actor, eve: Actor, at: datetime) -> None:
    draft = begin_draft(club=club, text="name = ", actor=cy, at=at)
    assert read_draft(draft, at=at).pack is None
    with pytest.raises(Refused, match="draft-unsound"):
        publish(draft, eve, at)
    text = common_text(('playbook = "complaint"', 'playbook = "nowhere"'))
    draft = save_draft(draft=draft, text=text, seen=draft.digest, actor=cy, at=at)
    (problem,) = read_draft(draft, at=at).problems
    assert problem.key.endswith(".playbook")
    with pytest.raises(Refused, match="draft-unsound"):
        publish(draft, eve, at)


def test_a_version_that_is_there_needs_a_new_number(club: Club, cy: Actor, at: datetime) -> None:
    base = policy_in_force(club, at=at).versions
    draft = begin_draft(club=club, base=PackVersion.objects.get(pk=base[0]), actor=cy, at=at)
    (problem,) = read_draft(draft, at=at).problems
    assert (problem.file, problem.key) == ("pack.toml", "version")


def test_a_draft_that_does_not_fit_the_other_packs_says_so(club: Club, cy: Actor, at: datetime) -> None:
    text = (
        'name = "own"\ntitle = {zh = "自有", en = "Own"}\nversion = "1"\neffective_from = 2026-01-01\n'
        'owner = "service"\ninterpreter = "management"\nlanguages = ["zh-Hans", "en"]\ncites = ["common"]\n'
        '[[kind]]\ncode = "inquiry"\nclass = "inquiry"\ntitle = {zh = "咨询", en = "Enquiry"}\n'
        'hint = {zh = "问", en = "Ask"}\nprefix = "ZZ"\nplaybook = "inquiry"\nconfidentiality = "personal"\n'
    )
    draft = begin_draft(club=club, text=text, actor=cy, at=at)
    found = read_draft(draft, at=at).problems
    assert "inquiry.prefix" in {problem.key for problem in found}


def test_a_review_tells_rows_findings_and_lines(club: Club, draft: Draft, at: datetime) -> None:
    pack = read_draft(draft, at=at).pack
    assert pack is not None
    found = review(draft, pack, at=at)
    assert found.against is not None
    assert found.against.version == "2026.1"
    assert [(row.fate, row.table, row.id) for row in found.changes] == [
        (Fate.CHANGED, "pack", "common"),
        (Fate.CHANGED, "deadline", "complaint-solution"),
    ]
    assert found.changes[1].keys == (("target", "24 h", "12 h", True),)
    assert {line for line in found.lines if line[0] in "+-"} == {
        '-version = "2026.1"',
        '+version = "2026.9"',
        '-target = "24 h"',
        '+target = "12 h"',
    }
    assert not found.more


def test_the_lint_sees_a_draft_among_the_packs_in_force(club: Club, cy: Actor, at: datetime) -> None:
    text = (
        'name = "own"\ntitle = {zh = "自有", en = "Own"}\nversion = "1"\neffective_from = 2026-01-01\n'
        'owner = "service"\ninterpreter = "management"\nlanguages = ["zh-Hans", "en"]\ncites = ["common", "fitness"]\n'
        '[[clause]]\nid = "Z01"\nref = "1"\nsection = {zh = "一", en = "One"}\n'
        'title = {zh = "投诉", en = "Complaints"}\ntext = {zh = "两天。", en = "Two days."}\nowner = "service"\n'
        '[[clause.states]]\nabout = "complaint"\npromise = "solution"\nat_most = "2 days"\n'
    )
    draft = begin_draft(club=club, text=text, actor=cy, at=at)
    read = read_draft(draft, at=at)
    assert read.pack is not None
    assert read.problems == ()
    found = review(draft, read.pack, at=at)
    assert found.against is None
    assert any(one.open and "Z01" in one.clauses and len(one.clauses) > 1 for one in found.findings)


@pytest.mark.parametrize(
    "text", ["", " \n", "a\0b", "a\ud800b", f"a{chr(0xFFFD)}b", "汉" * (LARGEST_KILOBYTES * 400)]
)
def test_what_cannot_be_kept_is_refused_at_its_field(club: Club, cy: Actor, at: datetime, text: str) -> None:
    draft = begin_draft(club=club, text="name = 'x'", actor=cy, at=at)
    with pytest.raises(Refused) as refused:
        save_draft(draft=draft, text=text, seen=draft.digest, actor=cy, at=at)
    assert refused.value.field == "text"


def test_only_its_author_writes_and_only_what_they_saw(
    draft: Draft, cy: Actor, eve: Actor, dee: Actor, bo: Actor, at: datetime
) -> None:
    with pytest.raises(Refused, match="not-the-author"):
        save_draft(draft=draft, text="x", seen=draft.digest, actor=eve, at=at)
    for stranger in (dee, bo):
        with pytest.raises(Missing):
            save_draft(draft=draft, text="x", seen=draft.digest, actor=stranger, at=at)
        with pytest.raises(Missing):
            publish(draft, stranger, at)
        with pytest.raises(Missing):
            discard_draft(draft=draft, actor=stranger, at=at)
    first = save_draft(draft=draft, text="x = 1\r\n", seen=draft.digest, actor=cy, at=at)
    assert first.text == "x = 1\n"
    with pytest.raises(Conflict) as refused:
        save_draft(draft=draft, text="x = 2", seen=draft.digest, actor=cy, at=at)
    assert refused.value.code == "draft-changed"
    before = Entry.objects.count()
    save_draft(draft=first, text="x = 1\n", seen=first.digest, actor=cy, at=at)
    assert Entry.objects.count() == before


def test_beginning_needs_the_right_and_something_to_begin_with(
    club: Club, cy: Actor, bo: Actor, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        begin_draft(club=club, text="x", actor=bo, at=at)
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        begin_draft(club=club, actor=cy, at=at)
    assert refused.value.field == "base"


def test_a_discarded_or_published_draft_is_over(draft: Draft, cy: Actor, eve: Actor, at: datetime) -> None:
    discard_draft(draft=draft, actor=eve, at=at)
    for act in (
        lambda: save_draft(draft=draft, text="x", seen=draft.digest, actor=cy, at=at),
        lambda: publish(draft, eve, at),
        lambda: discard_draft(draft=draft, actor=cy, at=at),
    ):
        with pytest.raises(Conflict, match="draft-ended"):
            act()
    assert list(Draft.objects.visible_to(cy).open()) == []


def test_the_next_draft_begins_with_the_text_that_was_published(
    club: Club, cy: Actor, eve: Actor, at: datetime
) -> None:
    commented = "# 2026 年秋季修订\n" + solved_within("12 h")
    draft = begin_draft(club=club, text=commented, actor=cy, at=at)
    version = publish(draft, eve, at).pack_version
    assert begin_draft(club=club, base=version, actor=eve, at=at).text == commented
