"""Who is asking: a random name in a signed cookie, and no more than that; or, where a host wants that, a name that is made of an account's
number, from which nobody finds the account. No address, nothing about the person.

A visitor's token is the name and a signature of it, which only this server can make: "3f9a….b81c…". What somebody owns is kept
under a digest of the name (`owner`), so that nobody who can read a file of ours can pass for somebody else.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from core.files.folder import FolderError, reading, replace

FILE = "visitors.key"  # in the folder of the checkpoints
BYTES_OF_KEY = 32
TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")


def key_of(folder: Path, secret: str = "") -> bytes:
    """The key that this folder's servers sign with, or all those that a host has given one secret.

    Where none can be kept it lasts as long as whoever asked for it.
    """
    if secret:
        return hashlib.sha256(f"cookies {secret}".encode()).digest()
    try:
        with reading(folder / FILE, BYTES_OF_KEY) as file:
            key = file.read()
        if len(key) == BYTES_OF_KEY:
            return key
    except OSError:
        pass
    key = secrets.token_bytes(BYTES_OF_KEY)
    try:
        replace(folder / FILE, key)
        (folder / FILE).chmod(0o600)
    except FolderError:
        pass
    return key


def new_name() -> str:
    """A name that nobody else has: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def token(name: str, key: bytes) -> str:
    """A name with its signature, for a cookie."""
    return f"{name}.{_signature(name, key)}"


def name_in(text: str, key: bytes) -> str | None:
    """The name in a token; None for any text that was not made by `token` with this key."""
    found = TOKEN.fullmatch(text)
    if found and hmac.compare_digest(found[2], _signature(found[1], key)):
        return found[1]
    return None


def name_of_account(issuer: str, subject: str, key: bytes) -> str:
    """The name of whoever has signed in: always the same for an account, and nobody finds the account in it."""
    return hmac.new(key, f"account {len(issuer)} {issuer} {subject}".encode(), "sha256").hexdigest()[:32]


def is_among(people: Collection[str], claims: Mapping[str, Any]) -> bool:
    """Whether an account is one of these people, who are named by its subject, or by its e-mail where its provider has verified that."""
    called = [claims.get("sub")]
    if claims.get("email_verified") in (True, "true"):
        called.append(str(claims.get("email", "")).casefold())
    known = {*people, *(one.casefold() for one in people if "@" in one)}
    return any(isinstance(one, str) and one != "" and one in known for one in called)


def owner(name: str) -> str:
    """What is kept of a visitor beside what they own: 16 hexadecimal digits, from which the name cannot be found."""
    return hashlib.sha256(f"owner {name}".encode()).hexdigest()[:16]


def is_code(text: str, code: str) -> bool:
    """Whether somebody knows a code; nobody knows an empty one."""
    return bool(code) and hmac.compare_digest(text.encode(errors="replace"), code.encode())


def _signature(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), "sha256").hexdigest()[:32]
