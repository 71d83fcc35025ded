"""Who works with ledgers besides Bo and Cy: Fay of finance and the boss."""

from __future__ import annotations

import pytest

from clubassist.core.actor import Actor
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.models import Account
from clubassist.domain.members.models import Person
from clubassist.domain.people.queries import staff_actor
from tests.makers.ledgers import make_fund, make_points
from tests.makers.people import make_account


@pytest.fixture
def fay(club: Club) -> Actor:
    """Fay, finance at the club."""
    return staff_actor(make_account("fay", "finance", club))


@pytest.fixture
def boss(club: Club) -> Actor:
    """The club's management."""
    return staff_actor(make_account("boss", "management", club))


@pytest.fixture
def fund(club: Club) -> Account:
    """The club's compensation fund with 1,000 yuan on it."""
    return make_fund(club, 100_000)


@pytest.fixture
def points(ann_person: Person) -> Account:
    """Ann's points, none yet."""
    return make_points(ann_person)
