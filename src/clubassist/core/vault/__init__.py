"""The vault: personal text is stored sealed, each person's under a key of their own that can be destroyed."""

from clubassist.core.vault.errors import Shredded, Tampered, VaultError, WrongKey
from clubassist.core.vault.indexes import PHONE_TAIL, blind_index, derived_key, phone_indexes
from clubassist.core.vault.keyfile import boot_checks, new_key_file
from clubassist.core.vault.keys import create_owner, new_key, shred, warm
from clubassist.core.vault.masking import mask_mail, mask_name, mask_phone
from clubassist.core.vault.phones import normal_phone
from clubassist.core.vault.rotation import KeyRow, inventory, rotate_wrapping_key
from clubassist.core.vault.sealing import open_bytes, open_sealed, seal, seal_bytes

__all__ = [
    "PHONE_TAIL",
    "KeyRow",
    "Shredded",
    "Tampered",
    "VaultError",
    "WrongKey",
    "blind_index",
    "boot_checks",
    "create_owner",
    "derived_key",
    "inventory",
    "mask_mail",
    "mask_name",
    "mask_phone",
    "new_key",
    "new_key_file",
    "normal_phone",
    "open_bytes",
    "open_sealed",
    "phone_indexes",
    "rotate_wrapping_key",
    "seal",
    "seal_bytes",
    "shred",
    "warm",
]
