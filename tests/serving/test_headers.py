"""What a browser is told to refuse."""

import re

import pytest

from core.host.hosting import Hosting
from core.kinds import SettingsError
from serving.headers import PAGE, headers, inline_scripts, policy


def rules(embedded_by: str = "") -> dict[str, list[str]]:
    return {name: sources for name, *sources in (rule.split() for rule in policy(embedded_by).split("; "))}


def test_no_script_runs_that_stands_in_a_page_but_streamlits_own_one():
    scripts = rules()["script-src"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:", "http:"} & {*scripts}
    assert [source for source in scripts if source.startswith("'sha256-")] == inline_scripts(PAGE.read_text())
    assert len(inline_scripts(PAGE.read_text())) == 1


def test_a_script_is_named_by_its_digest_as_browsers_compute_it():
    text = "<script>alert('Hello, world.');</script>"  # the example of the specification, CSP level 3, 2.3.1
    assert inline_scripts(text) == ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]


def test_nothing_comes_from_anybody_else():
    sources = {source for name, found in rules().items() for source in found if name != "script-src"}
    assert sources <= {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert "'unsafe-inline'" not in {*rules()["script-src"], *rules()["connect-src"]}


def test_no_page_may_show_it_in_a_frame_unless_the_host_says_which():
    assert rules()["frame-ancestors"] == ["'none'"]
    assert headers()["X-Frame-Options"] == "DENY"
    asked = "https://moodle.example.org https://*.school.example"
    assert rules(Hosting(embedded_by=asked).embedded_by)["frame-ancestors"] == asked.split()
    assert "X-Frame-Options" not in headers(asked), "which knows no origins"


@pytest.mark.parametrize(
    "said",
    [
        "*",
        "moodle.example.org",
        "https://a.example; script-src *",
        "https://a.example/x",
        "'self'",
        "javascript:1",
        "https://a\nX: y",
    ],
)
def test_a_setting_cannot_bring_another_rule(said):
    with pytest.raises(SettingsError, match="must be addresses such as"):
        Hosting(embedded_by=said)


def test_what_no_page_needs_no_page_may_use():
    assert re.fullmatch(r"[a-z-]+=\(\)(, [a-z-]+=\(\))+", headers()["Permissions-Policy"])
    assert "clipboard-write" not in headers()["Permissions-Policy"], "code is copied by a button"
