"""Why the vault stays shut. No message carries a value, a key or a part of either."""


class VaultError(Exception):
    """The vault gave nothing; the reasons below say why."""


class Shredded(VaultError):
    """The owner's key was destroyed on purpose; what it sealed is gone for good."""


class WrongKey(VaultError):
    """The key is not here: no key for this owner, or the key file is missing, damaged or another one."""


class Tampered(VaultError):
    """The value was changed, cut, or moved to another row, column or person."""
