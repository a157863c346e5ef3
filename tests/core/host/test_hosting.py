"""What a host decides, from a file and from the environment; and what is refused, in a sentence."""

import re

import pytest

from core.host.hosting import ELSEWHERE, PREFIX, ROOT, Hosting, hosting
from core.kinds import SettingsError


def test_without_a_word_of_the_host_everything_has_its_default():
    assert hosting(environment={}) == Hosting()
    assert Hosting().mode == "open"


def test_the_environment_has_the_last_word(tmp_path):
    file = tmp_path / "lab.toml"
    file.write_text('mode = "class"\nteacher_code = "chalk and board"\nworkers = 3\n', encoding="utf-8")
    said = {"DIGIT_LAB_WORKERS": "1", "DIGIT_LAB_SETTINGS": str(file), "HOME": "/", "DIGIT_LAB_WEIGHTS": "x"}
    assert hosting(environment=said) == Hosting("class", "chalk and board", workers=1)
    assert hosting(file, environment={}) == Hosting("class", "chalk and board", workers=3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('mode = "anarchy"', "Mode must be one of open, class, showcase"),
        ('mode = "class"', "needs a teacher code"),
        ('teacher_code = "abc"', "6 to 200 characters"),
        ("teacher_code = 123456", "6 to 200 characters"),
        ('mode = "class"\nsign_in = true', "needs a teacher code"),
        ('sign_in = "yes"', "Sign in must be true or false"),
        ('teachers = "tom"', "a list of at most 100 texts"),
        ('teachers = ["tom", ""]', "a list of at most 100 texts"),
        ("minutes_per_run = 0", "a number from 0.1"),
        ("megabytes_of_runs = 0", "a whole number from 1"),
        ("workers = -1", "a whole number from 0 to 64"),
        ("workers = true", "a whole number from 0 to 64"),
        ("workers = 1.5", "a whole number from 0 to 64"),
        ('mirror = "s3://name:password@bucket/folder"', "Mirror must be an address such as s3://bucket/folder"),
        ('mirror = "bucket/folder"', "Mirror must be an address"),
        ('mirror = "simplecache::s3://bucket"', "Mirror must be an address"),
        ("mirror = 3", "Mirror must be an address"),
        ('cookie_secret = "short"', "32 to"),
        ("worker = 2", "there is none"),
        ("[workers]\na = 1", "a whole number from 0 to 64"),
        ("workers = ", "is no TOML"),
        ("\x00", "is no TOML"),
        ("# " + "x" * 200_000, "more than 100,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(text, words, tmp_path):
    file = tmp_path / "lab.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=words) as refused:
        hosting(file, environment={})
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"DIGIT_LAB_WORKERS": "many"}, "Workers must be a whole number"),
        ({"DIGIT_LAB_WORKERS": "1e9"}, "Workers must be a whole number"),
        ({"DIGIT_LAB_WORKERS": "nan"}, "Workers must be a whole number"),
        ({"DIGIT_LAB_SIGN_IN": "1"}, "Sign in must be true or false"),
        ({"DIGIT_LAB_WORKER": "2"}, "there is none"),
        ({"DIGIT_LAB_SETTINGS": "/nowhere/lab.toml"}, "lab.toml cannot be read"),
    ],
)
def test_an_environment_that_cannot_be_used_is_refused_in_a_sentence(said, words):
    with pytest.raises(SettingsError, match=words):
        hosting(environment=said)


def test_teachers_who_sign_in_stand_in_a_list_and_need_no_code(tmp_path):
    file = tmp_path / "lab.toml"
    file.write_text('mode = "class"\nsign_in = true\nteachers = ["tom@school.example", "7"]\n', encoding="utf-8")
    assert hosting(file, environment={}).teachers == ("tom@school.example", "7")
    said = {"DIGIT_LAB_TEACHERS": "a@b.example, 8", "DIGIT_LAB_SIGN_IN": "true", "DIGIT_LAB_MODE": "class"}
    assert hosting(environment=said) == Hosting("class", sign_in=True, teachers=("a@b.example", "8"))


def test_every_variable_that_the_code_reads_is_known():
    code = [
        path.read_text(encoding="utf-8") for folder in ("core", "ui", "pages") for path in (ROOT / folder).rglob("*.py")
    ]
    read = set(re.findall(r'"(DIGIT_LAB_[A-Z_]+)"', " ".join(code))) - {PREFIX}
    assert read == ELSEWHERE


def test_whatever_is_read_elsewhere_is_no_unknown_setting():
    assert hosting(environment=dict.fromkeys(ELSEWHERE - {"DIGIT_LAB_SETTINGS"}, "anything")) == Hosting()
