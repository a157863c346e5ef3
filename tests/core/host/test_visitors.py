"""Names in signed cookies: nobody makes one but the server, and nobody finds one in what it keeps."""

import os
import stat

import pytest

from core.host import visitors


def test_a_token_gives_back_its_name_to_whoever_made_it_and_to_nobody_else(tmp_path):
    key, other = visitors.key_of(tmp_path / "a"), visitors.key_of(tmp_path / "b")
    name = visitors.new_name()
    token = visitors.token(name, key)
    assert visitors.name_in(token, key) == name
    assert visitors.name_in(token, other) is None


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "0", lambda t: t.upper(), lambda t: "0" + t[1:] + " "]
)
def test_a_token_that_was_changed_is_none(spoil, tmp_path):
    key = visitors.key_of(tmp_path)
    token = visitors.token("a" * 32, key)
    assert visitors.name_in(spoil(token), key) is None


@pytest.mark.parametrize("text", ["", ".", "é" * 65, "a" * 32, f"{'a' * 32}.{'0' * 32}", "x" * 10**6, "\ud800"])
def test_what_is_no_token_is_none(text, tmp_path):
    assert visitors.name_in(text, visitors.key_of(tmp_path)) is None


def test_two_servers_on_one_folder_know_the_same_visitors(tmp_path):
    assert visitors.key_of(tmp_path) == visitors.key_of(tmp_path)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / visitors.FILE).stat().st_mode) == 0o600


def test_servers_that_were_given_one_secret_know_the_same_visitors_and_no_others(tmp_path):
    secret = "a secret of several servers, and of nobody else"
    one, another = (visitors.key_of(tmp_path / folder, secret) for folder in ("a", "b"))
    assert one == another
    assert visitors.key_of(tmp_path / "a", secret + ".") != one
    assert visitors.key_of(tmp_path / "a") != one
    assert secret.encode() not in one


def test_a_key_that_was_damaged_is_made_anew_and_a_folder_that_is_none_does_no_harm(tmp_path):
    (tmp_path / visitors.FILE).write_bytes(b"short")
    assert len(visitors.key_of(tmp_path)) == visitors.BYTES_OF_KEY
    (tmp_path / "file").write_bytes(b"")
    assert len(visitors.key_of(tmp_path / "file")) == visitors.BYTES_OF_KEY


def test_an_owner_is_one_of_its_name_alone_and_does_not_tell_it():
    names = {visitors.new_name() for _ in range(100)}
    assert len({visitors.owner(name) for name in names}) == 100
    assert not any(visitors.owner(name)[:8] in name for name in names)


def test_nobody_knows_a_code_that_there_is_not():
    assert visitors.is_code("chalk and board", "chalk and board")
    assert not visitors.is_code("", "")
    assert not visitors.is_code("Chalk and board", "chalk and board")
    assert not visitors.is_code("\ud800é", "chalk and board")


def test_an_account_has_one_name_on_a_server_and_another_on_another_and_does_not_tell_it(tmp_path):
    key, other = visitors.key_of(tmp_path / "a"), visitors.key_of(tmp_path / "b")
    accounts = [("https://a", "1"), ("https://a", "2"), ("https://b", "1"), ("https://a 1", ""), ("https://a", " 1")]
    names = [visitors.name_of_account(*account, key) for account in accounts]
    assert len(set(names)) == len(accounts)
    assert names == [visitors.name_of_account(*account, key) for account in accounts]
    assert visitors.name_of_account(*accounts[0], other) != names[0]
    assert visitors.name_in(visitors.token(names[0], key), key) == names[0], "it is a name like any other"


TEACHERS = ("tom@school.example", "subject-7")


@pytest.mark.parametrize(
    ("claims", "is_one"),
    [
        ({"sub": "x", "email": "Tom@School.example", "email_verified": True}, True),
        ({"sub": "x", "email": "tom@school.example", "email_verified": False}, False),
        ({"sub": "x", "email": "tom@school.example"}, False),  # nobody has verified it
        ({"sub": "subject-7"}, True),
        ({"sub": "SUBJECT-7"}, False),
        ({"sub": "tom@school.example"}, True),  # some providers have it for a subject
        ({"sub": "x", "email": "", "email_verified": True}, False),
        ({"sub": None, "email": None, "email_verified": True}, False),
        ({}, False),
    ],
)
def test_a_teacher_is_known_by_subject_or_by_an_address_that_is_verified(claims, is_one):
    assert visitors.is_among(TEACHERS, claims) is is_one
    assert not visitors.is_among((), claims)
