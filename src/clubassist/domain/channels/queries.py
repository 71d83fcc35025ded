"""Reads about conversations."""

from __future__ import annotations

from django.db.models import QuerySet

from clubassist.domain.channels.models import Conversation, Message


def thread(conversation: Conversation, *, public: bool) -> QuerySet[Message]:
    """Return the messages of a conversation, oldest first; without internal notes when `public`."""
    messages = Message.objects.filter(conversation=conversation).select_related("author").order_by("at", "id")
    return messages.public() if public else messages
