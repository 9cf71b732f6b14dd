"""Who may sign in: names with salted hashes of their passwords, in one file of the data folder, and the command to keep it.

    python -m page.accounts add NAME          asks for the password twice, or reads it as one line where it is piped in
    python -m page.accounts list
    python -m page.accounts change NAME       another password; ends the sessions of this account
    python -m page.accounts remove NAME       ends them too

There is no account to begin with. DATA/accounts.json can be read by its owner alone, and is refused otherwise.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import json
import os
import re
import secrets
import sys
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.display import counted, printable
from corpus.errors import SettingsError
from index.commands import run
from index.folder import DataFolder, locked
from index.manifest import write_json
from index.settings import Settings

FILE = "accounts.json"
FORMAT = 1
SHORTEST, LONGEST = 8, 1024
"""Characters of a password: NIST SP 800-63B asks for 8 at least, and for no rules about which; the upper bound is that of a
request that costs nothing."""

_NAME = re.compile(r"\w[\w.@+-]{0,63}")
_GUESSED = frozenset(
    "12345678 123456789 1234567890 0123456789 87654321 abcd1234 asdfghjkl baseball basketball computer corvette footnote "
    "football iloveyou internet jennifer letmein1 mercedes michelle passw0rd password password1 password123 passwort "
    "princess q1w2e3r4 1q2w3e4r 1qaz2wsx qwerty12 qwerty123 qwertyui qwertyuiop starwars sunshine superman trustno1 welcome1 "
    "whatever".split()
)


@dataclass(frozen=True)
class Cost:
    """What a hash costs whoever computes it (RFC 7914).

    Attributes:
        n: The number of blocks, a power of two; memory is 128 · n · r bytes.
        r: The size of a block, in 128 bytes.
        p: How often all of it is done.
    """

    n: int
    r: int
    p: int

    def __post_init__(self) -> None:
        fits = all(isinstance(value, int) for value in (self.n, self.r, self.p)) and 0 < self.r <= 32 and 0 < self.p <= 16
        if not fits or not 1 < self.n <= 1 << 20 or self.n & (self.n - 1):
            raise ValueError(f"scrypt cannot be run with n={self.n!r}, r={self.r!r}, p={self.p!r}")


OWASP = Cost(n=1 << 17, r=8, p=1)
"""OWASP's Password Storage Cheat Sheet, the strongest of its equal settings: 128 MiB, some tenths of a second."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        name: In its one form (see `account_name`).
        id: Random. An account of the same name that is made after this one was removed is another one.
        salt, hash: Hexadecimal; the salt is random, and another one for every password that is set.
        cost: What the hash was made with.
        created, changed: When, ISO 8601 in UTC, to the second.
    """

    name: str
    id: str
    salt: str
    hash: str
    cost: Cost
    created: str
    changed: str

    def fits(self, password: str) -> bool:
        """Whether this is the password. Takes the same time for a right and a wrong one."""
        return hmac.compare_digest(_hash(password, bytes.fromhex(self.salt), self.cost), bytes.fromhex(self.hash))


def account_name(written: str) -> str:
    """Return the one form of a name: compatible characters are one (NFKC), and so are large and small letters.

    :raises SettingsError: it is no name.
    """
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written.strip()[:200]).casefold())
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{printable(written)[:80]!r} is not a name for an account: 1 to 64 letters, digits and . _ @ + - were expected, "
            "the first of them a letter or digit, for example: anna or anna@example.org"
        )
    return name


def check_password(password: str, name: str) -> None:
    """Refuse a password that is short, or among the first to be guessed. There are no rules about its characters.

    :raises SettingsError: with what to do.
    """
    password = _normal(password)
    if len(password) < SHORTEST:
        raise SettingsError(
            f"The password has {counted(len(password), 'character')}, and at least {SHORTEST} are needed. Several words "
            "are good; capitals, digits and signs are not asked for."
        )
    if len(password) > LONGEST:
        raise SettingsError(f"The password has {len(password):,} characters, and at most {LONGEST:,} are read.")
    folded = password.casefold()
    if folded in _GUESSED or folded == name or len(set(folded)) < 3:
        raise SettingsError("This password is among the first that are guessed, or is the name itself. Take another.")


class AccountStore:
    """The accounts of a data folder. May be shared between threads; sees what other processes change."""

    def __init__(self, folder: str | os.PathLike[str], cost: Cost = OWASP) -> None:
        """
        :param folder: The data folder; it is made when the first account is.
        :param cost: What new hashes cost.
        """
        self._folder = Path(folder).expanduser().absolute()
        self._cost = cost
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, ...], Mapping[str, Account]] | None = None
        self._nobody = Account("", "", secrets.token_hex(16), secrets.token_hex(32), cost, "", "")  # no password fits

    @property
    def path(self) -> Path:
        """The file."""
        return self._folder / FILE

    def accounts(self) -> Mapping[str, Account]:
        """Return the accounts by name, in the order of their names; none where there is no file.

        :raises SettingsError: the file is damaged, or others may read it.
        """
        try:
            details = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be read: {error.strerror}. Check its permissions.") from error
        if os.name == "posix" and details.st_mode & 0o077:
            raise SettingsError(
                f"{self.path} holds the accounts, and other users of this machine may read it (mode "
                f"{details.st_mode & 0o777:o}). Nobody is signed in until that is mended: chmod 600 '{self.path}'. If others "
                "may have read it, change the passwords too: python -m page.accounts change NAME"
            )
        stamp = (details.st_ino, details.st_mtime_ns, details.st_size)
        with self._lock:
            if self._known is None or self._known[0] != stamp:
                self._known = (stamp, _read(self.path))
            return self._known[1]

    def find(self, name: str) -> Account | None:
        """Return the account of a name in its one form; None where there is none.

        :raises SettingsError: the file cannot be used.
        """
        return self.accounts().get(name)

    def held(self, written: str) -> Account:
        """Return the account of a name, however it is written.

        :raises SettingsError: it is no name, there is no such account, or the file cannot be used.
        """
        return _held(self.accounts(), account_name(written))

    def check(self, written: str, password: str) -> Account | None:
        """Return the account whose name and password these are; None otherwise, after the same time whether there is one.

        :raises SettingsError: the file cannot be used.
        """
        if len(password) > LONGEST:
            return None
        try:
            account = self.find(account_name(written))
        except SettingsError:
            self.accounts()  # a file that cannot be used is no wrong name
            account = None
        is_right = (account or self._nobody).fits(password)
        return account if is_right else None

    def add(self, written: str, password: str) -> Account:
        """Make an account.

        :raises SettingsError: there is one of that name; name or password will not do; the file cannot be used.
        :raises IndexStoreError: it cannot be written.
        """
        name = account_name(written)
        check_password(password, name)
        with self._changing() as accounts:
            if name in accounts:
                raise SettingsError(f"There is an account {name}. For another password: python -m page.accounts change {name}")
            accounts[name] = _account(name, password, self._cost)
        return accounts[name]

    def change(self, written: str, password: str) -> Account:
        """Give an account another password. Raises as `add` does, and where there is no such account."""
        name = account_name(written)
        check_password(password, name)
        with self._changing() as accounts:
            accounts[name] = _account(name, password, self._cost, _held(accounts, name))
        return accounts[name]

    def remove(self, written: str) -> None:
        """Remove an account. Raises as `change` does."""
        name = account_name(written)
        with self._changing() as accounts:
            _held(accounts, name)
            del accounts[name]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """Hold the one right to write; what the accounts are at the end of the block is written, unless it fails."""
        folder = DataFolder(self._folder)
        if folder.read() is None:
            folder.make()
        folder.check_writable()
        try:
            with locked(self._folder / ".accounts.lock"):
                accounts = dict(self.accounts())
                yield accounts
                kept = {name: _to_json(accounts[name]) for name in sorted(accounts)}
                write_json(self.path, {"format": FORMAT, "accounts": kept})
        except TimeoutError as error:
            raise SettingsError(f"Another process is changing {self.path}. Nothing was changed; try again.") from error


def _held(accounts: Mapping[str, Account], name: str) -> Account:
    if name not in accounts:
        raise SettingsError(f"There is no account {name}. See: python -m page.accounts list")
    return accounts[name]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # so that it is the same from every keyboard (NIST SP 800-63B)


def _hash(password: str, salt: bytes, cost: Cost) -> bytes:
    memory = 128 * cost.r * (cost.n + cost.p + 2)
    secret = _normal(password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=2 * memory, dklen=32)


def _account(name: str, password: str, cost: Cost, before: Account | None = None) -> Account:
    salt = secrets.token_bytes(16)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    key, created = (before.id, before.created) if before is not None else (secrets.token_hex(16), now)
    return Account(name, key, salt.hex(), _hash(password, salt, cost).hex(), cost, created, now)


def _to_json(account: Account) -> dict[str, Any]:
    row = asdict(account)
    del row["name"]
    return row


def _read(path: Path) -> Mapping[str, Account]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise SettingsError(f"{path} has format {stored['format']!r}, and this Footnote reads {FORMAT}. Update Footnote.")
        accounts = {name: Account(name=name, **row | {"cost": Cost(**row["cost"])}) for name, row in stored["accounts"].items()}
        for account in accounts.values():
            if len(bytes.fromhex(account.hash)) != 32 or len(bytes.fromhex(account.salt)) < 16:
                raise ValueError("a hash or a salt of another length")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(
            f"{path} is damaged: it does not hold accounts ({type(error).__name__}). Nothing was changed. Put a copy of it "
            "back, or remove it and add the accounts again: python -m page.accounts add NAME"
        ) from error
    return accounts


# The command


def main(arguments: list[str] | None = None) -> int:
    """Add, list, change or remove accounts, and return the exit code.

    :raises FootnoteError: it could not be done.
    """
    options = _parser().parse_args(arguments)
    store = AccountStore(Settings.from_environment(data=options.data).data)
    if options.do == "list":
        for account in store.accounts().values():
            sys.stdout.write(f"{account.name}  since {account.created[:10]}\n")
        if not store.accounts():
            sys.stdout.write("There are no accounts: the page can be reached from this machine alone.\n")
        return 0
    name = account_name(options.name)
    if options.do == "remove":
        store.remove(name)
        said = f"Removed the account {name}; its sessions have ended."
    elif options.do == "change":
        store.held(name)
        store.change(name, _ask_password(name))
        said = f"Changed the password of {name}; its sessions have ended."
    else:
        is_first = not store.accounts()
        store.add(name, _ask_password(name))
        said = f"Added the account {name}."
        if is_first:
            said += " Start the page anew if it is running: it asks for the sign-in then."
    sys.stdout.write(said + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m page.accounts", description="Who may sign in to the page.")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: FOOTNOTE_DATA, else .footnote)")
    commands = parser.add_subparsers(dest="do", required=True)
    for do, says in (
        ("add", "make an account; the password is asked for, or read from standard input"),
        ("change", "give an account another password, and end its sessions"),
        ("remove", "remove an account, and end its sessions"),
    ):
        commands.add_parser(do, help=says).add_argument("name", metavar="NAME")
    commands.add_parser("list", help="list the accounts")
    return parser


def _ask_password(name: str) -> str:
    """Return a password that will do, typed twice and not shown, or piped in as one line.

    :raises SettingsError: it will not do, or is not the same twice.
    """
    if not sys.stdin.isatty():
        try:
            password = sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise SettingsError("What came on standard input is not text. The password is one line of UTF-8.") from error
        check_password(password, name)
        return password
    password = getpass.getpass(f"Password for {name}: ")
    check_password(password, name)
    if getpass.getpass("Once more: ") != password:
        raise SettingsError("That was not the same twice. Nothing was changed; try again.")
    return password


if __name__ == "__main__":
    sys.exit(run(main))
