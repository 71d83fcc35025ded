"""People and their contacts."""

from clubassist.domain.members.models.contact import Contact
from clubassist.domain.members.models.person import Person

__all__ = ["Contact", "Person"]
