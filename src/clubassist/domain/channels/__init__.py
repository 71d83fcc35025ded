"""How we speak: conversations, their messages, notices to staff."""
