"""Streamlit's scripts and styles from a server for a class: compressed, unless somebody cannot read that."""

import gzip

import pytest
from streamlit import config

from serving.bundles import Bundles, bundles
from tests.serving.asking import ask_bytes

ADDRESSES = sorted(bundles())
LARGEST = max(ADDRESSES, key=lambda address: bundles()[address].stat().st_size)
STYLE = next(address for address in ADDRESSES if address.endswith(".css"))
WITH_GZIP = {"Accept_Encoding": "gzip, deflate, br"}


def test_there_are_scripts_and_styles_and_nothing_else():
    assert len(ADDRESSES) > 100
    assert {address.rpartition(".")[2] for address in ADDRESSES} == {"js", "css"}


@pytest.mark.parametrize("base", ["lab", "/lab/"])
def test_below_a_path_of_its_own_they_are_below_that_path(base, monkeypatch):
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": base}.get)
    assert set(Bundles(None).files) == {f"/lab{address}" for address in ADDRESSES}


@pytest.mark.slow
@pytest.mark.parametrize("address", [LARGEST, STYLE])
def test_a_browser_gets_a_third_of_a_bundle_and_unpacks_the_same(address, served):
    file = bundles()[address].read_bytes()
    answer = ask_bytes(served, address, **WITH_GZIP)
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == file
    assert len(answer.body) < 0.4 * len(file)
    assert ask_bytes(served, address, "HEAD", **WITH_GZIP).body == b""


@pytest.mark.slow
@pytest.mark.parametrize("address", [LARGEST, STYLE])
def test_whoever_cannot_unpack_gets_it_as_it_is(address, served):
    answer = ask_bytes(served, address)
    assert answer.body == bundles()[address].read_bytes()
    assert "content-encoding" not in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize("address", [LARGEST, STYLE])
def test_a_bundle_has_the_headers_that_streamlit_and_the_host_give_it(address, served):
    packed, plain = (ask_bytes(served, address, **headers).headers for headers in (WITH_GZIP, {}))
    for name in ("content-type", "cache-control", "x-content-type-options", "content-security-policy"):
        assert packed[name] == plain[name]
    assert packed["vary"] == "Accept-Encoding", "or a proxy gives the one what the other asked for"


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/static/js/nothing.js", "/static/js/..%2f..%2f..%2fapp.py", "/static/js/../../app.py"]
)
def test_what_is_none_is_answered_by_streamlit(path, served):
    answer = ask_bytes(served, path, **WITH_GZIP)
    assert answer.status == ask_bytes(served, path).status
    assert answer.headers.get("content-encoding") is None or b"Digit Lab" not in answer.body
    assert b"import streamlit" not in answer.body


@pytest.mark.slow
def test_under_another_name_nothing_is_answered(served):
    assert ask_bytes(served, LARGEST, Host="elsewhere.example.com", **WITH_GZIP).status == 400
