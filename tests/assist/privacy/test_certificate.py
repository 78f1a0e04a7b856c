"""A certificate says what was done, and nobody can change it without being noticed."""

import json
from datetime import timedelta

import pytest

from assist.calls.details import Details
from assist.privacy import certificate, deletion, keys, probes
from assist.store.clock import now
from tests.assist.privacy.lived import CUSTOMER, LINES, LONG_AGO, PHRASE


@pytest.fixture
def call(judged, agent):
    return judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=LONG_AGO))


@pytest.fixture
def document(store, admin, call):
    return delete(store, admin).certificate


def delete(store, admin):
    deed = deletion.order(store, admin, asked_by="customer", reason="客户要求", customer=CUSTOMER)
    deletion.carry_on(store)
    return deletion.get(store, admin, deed.id)


def test_it_says_who_what_and_how_much(document, call):
    assert document["asked_by"] == "customer"
    assert (document["reason"], document["ordered_by"]) == ("客户要求", "管理员")
    assert document["recordings"] == [call.sha256]
    assert document["removed"]["Transcripts"] == 1
    assert document["removed"]["Search index"] == 2


def test_a_second_search_found_nothing(document):
    assert document["clean"] is True
    assert {one["found"] for one in document["checks"]} == {0}
    assert document["checks"][-1]["searched_for"] >= 3


def test_it_names_nobody(document):
    text = json.dumps(document, ensure_ascii=False)
    assert CUSTOMER not in text
    assert PHRASE not in text


def test_only_this_installation_signs_it(document, store):
    assert certificate.genuine(document, keys.public(store.settings))
    assert not certificate.genuine(document, "00" * 32)
    assert not certificate.genuine(document | {"removed": {}})
    assert not certificate.genuine(document | {"key": "zz"})
    assert not certificate.genuine([])


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "未发现任何残留"), ("en", "Nothing was found.")])
def test_it_can_be_read(document, language, words):
    text = certificate.text(document, language)
    assert words in text
    assert document["signature"] in text


def test_what_was_copied_elsewhere_is_found_and_told(store, admin, call):
    (store.settings.data / "left.log").write_text(PHRASE)
    document = delete(store, admin).certificate
    assert document["clean"] is False
    assert document["checks"][-1]["where"] == {"left.log": 1}


def test_backups_that_still_hold_it_are_named(store, admin, call, tmp_path):
    (tmp_path / "kept").mkdir()
    lines = [
        {"at": now().isoformat(), "path": str(path)} for path in (tmp_path / "kept", tmp_path / "dropped", "/away/1")
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    (store.settings.data / "backups.jsonl").write_text(text + "\n{torn")
    told = delete(store, admin).certificate["backups"]
    assert [one["path"] for one in told] == [str(tmp_path / "kept"), "/away/1"]
    assert told[0]["until"] == (now() + timedelta(days=90)).isoformat()[:10]


def test_the_sentences_it_searched_for_are_not_kept(store, admin, call):
    deed = deletion.order(store, admin, asked_by="customer", reason="x", customer=CUSTOMER)
    path = probes.path_of(store.settings, deed.id)
    assert PHRASE in path.read_text()
    deletion.carry_on(store)
    assert not path.exists()
