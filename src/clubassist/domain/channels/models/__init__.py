"""Conversations, messages, notices to staff."""

from clubassist.domain.channels.models.conversation import Conversation, Message
from clubassist.domain.channels.models.staff_notice import StaffNotice

__all__ = ["Conversation", "Message", "StaffNotice"]
