"""Clubs, places, hours and packs."""

from clubassist.domain.club.models.club import Area, Club, Venue
from clubassist.domain.club.models.draft import Draft
from clubassist.domain.club.models.hours import OpeningWindow, SpecialDay
from clubassist.domain.club.models.pack import Adoption, PackVersion

__all__ = ["Adoption", "Area", "Club", "Draft", "OpeningWindow", "PackVersion", "SpecialDay", "Venue"]
