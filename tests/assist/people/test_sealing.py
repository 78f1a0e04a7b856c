"""Secrets at rest, and the key they are sealed under."""

import threading

import pyotp
import pytest
from pydantic import SecretStr

from assist import doctor
from assist.people import sealing, second_factor
from assist.store.clock import now


def test_what_is_sealed_opens_again_and_is_not_to_be_read(settings):
    sealed = sealing.seal(settings, "JBSWY3DPEHPK3PXP")
    assert "JBSW" not in sealed
    assert sealed != sealing.seal(settings, "JBSWY3DPEHPK3PXP")
    assert sealing.unseal(settings, sealed) == "JBSWY3DPEHPK3PXP"


def test_what_was_changed_or_sealed_under_another_key_does_not_open(settings):
    sealed = sealing.seal(settings, "secret")
    other = settings.model_copy(update={"secret_key": SecretStr("a key of the environment, long enough")})
    for strange, where in ((sealed[:-4] + "AAA=", settings), ("", settings), (sealed, other)):
        with pytest.raises(sealing.KeyChanged):
            sealing.unseal(where, strange)
    assert sealing.unseal(other, sealing.seal(other, "secret")) == "secret"


def test_a_key_is_made_once_by_whoever_is_first(settings):
    sealing.key_file(settings).unlink(missing_ok=True)
    gate, found = threading.Barrier(8), []

    def first() -> None:
        gate.wait(30)
        found.append(sealing.fingerprint(settings, "text"))

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in settings.data.glob("secret.key*")] == ["secret.key"]
    assert sealing.key_file(settings).stat().st_mode & 0o777 == 0o600


def test_a_key_cut_short_is_refused(settings):
    sealing.key_file(settings).write_bytes(b"short")
    with pytest.raises(sealing.KeyUnusable):
        sealing.seal(settings, "secret")
    with pytest.raises(sealing.KeyUnusable):
        sealing.seal(settings.model_copy(update={"secret_key": SecretStr("guessed")}), "secret")


def test_a_fingerprint_is_of_no_use_without_the_key(settings):
    other = settings.model_copy(update={"secret_key": SecretStr("another key, also long enough, it says")})
    assert sealing.fingerprint(settings, "chen") == sealing.fingerprint(settings, "chen")
    assert sealing.fingerprint(settings, "chen") != sealing.fingerprint(other, "chen")


def test_the_doctor_sees_a_key_that_is_open_to_others_or_lost(store, agent):
    begun = second_factor.begin(store, agent)
    second_factor.confirm(store, agent, pyotp.TOTP(begun.secret).at(now()))
    assert all(check.fine for check in doctor.of_data(store))
    sealing.key_file(store.settings).chmod(0o644)
    assert [check.template for check in doctor.of_data(store) if not check.fine] == [doctor._OPEN]
    sealing.key_file(store.settings).unlink()
    assert [check.template for check in doctor.of_data(store) if not check.fine] == [sealing.KeyChanged.message]
