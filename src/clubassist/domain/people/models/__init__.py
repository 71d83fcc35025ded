"""Accounts, grants, API tokens, acknowledgements of rules."""

from clubassist.domain.people.models.account import Account
from clubassist.domain.people.models.acknowledgement import Acknowledgement
from clubassist.domain.people.models.api_token import ApiToken
from clubassist.domain.people.models.grant import Grant

__all__ = ["Account", "Acknowledgement", "ApiToken", "Grant"]
