"""File -> check -> message, for every file that a syndic might bring."""

import base64
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import polib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_containers import CONTAINERS
from certificate_files import (
    DER,
    EC_KEY,
    NOW,
    PASSPHRASE,
    PEM,
    POLICIES,
    TABLE,
)
from certificate_made import HOW
from certificate_maker import World, marked, rc2_pkcs12, sha1_certificate
from certificate_secrets import SECRETS
from certificate_world import WORLD
from conftest import BITS, ORGANISATION, SIREN
from rnc.certificate import (
    MESSAGES,
    OK,
    REFUSE,
    TOPICS,
    Subject,
    Unreadable,
    accept_expiry,
    authorities,
    diagnose,
    fitting,
    identities,
    make_request,
    others_left,
    public_digest,
    read,
)
from rnc.certificate.derivation import turns

KINDS = {name: (HOW[name], *kind) for name, kind in TABLE.items()}
KINDS |= WORLD | CONTAINERS | SECRETS
FRENCH = {
    entry.msgid: entry.msgstr
    for entry in polib.pofile(
        str(Path(__file__).resolve().parents[2] / "copro_registry" / "i18n" / "fr.po")
    )
}


@pytest.fixture(scope="module", autouse=True)
def each_key_once():
    """OpenSSL proves an RSA key each time that it reads it: a tenth of a second."""
    with pytest.MonkeyPatch.context() as patched:
        load = lru_cache(serialization.load_der_private_key)
        patched.setattr(serialization, "load_der_private_key", load)
        yield


@pytest.fixture(scope="session")
def make():
    return World()


def checks_of(bundle, **changes):
    wanted = {"siren": SIREN, "siret": f"{SIREN}00018", "now": NOW, "policies": POLICIES}
    return diagnose(bundle, **{**wanted, **changes})


def outcome_of(files, passphrase):
    """(checks that are not good, whether it may be used): [(code, parameters)…]"""
    try:
        found = identities(files, passphrase, NOW)
    except Unreadable as error:
        return [(error.code, dict(error.params))], False
    diagnosed = [(bundle, checks_of(bundle)) for bundle in found]
    chosen = fitting(diagnosed)
    if chosen is None:
        return [("SEVERAL_CERTIFICATES", {})], False
    others = [bundle for index, bundle in enumerate(found) if index != chosen]
    checks = diagnosed[chosen][1] + others_left(others)
    refused = any(check.level == REFUSE for check in checks)
    return [(v.code, dict(v.params)) for v in checks if v.level != OK], not refused


def sentence(code, params):
    return FRENCH.get(MESSAGES[code], MESSAGES[code]) % params


def line(name, how, found, usable):
    shown = " ".join(sentence(*one) for one in found) or "—"
    return f"{name:32} {how:48} {'accepté' if usable else 'refusé':8} {shown}"


@pytest.mark.parametrize("name", KINDS)
def test_the_table(name, make, printed):
    how, files, passphrase, expected = KINDS[name]
    found, usable = outcome_of(files(make), passphrase)
    codes = [code for code, _params in found]
    printed.append(line(name, how, found, usable))
    wanted = expected if isinstance(expected, tuple) else (expected,)
    if usable and not found:
        assert None in wanted
    else:
        assert set(wanted) & set(codes), codes


@pytest.fixture(scope="session")
def printed(pytestconfig):
    """Printed at the end, so that the table is read whole."""
    lines = []
    yield lines
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("", f"{'fichier':32} {'fait de':48} code     message", *lines, sep="\n")


def test_there_are_a_hundred_kinds_and_each_its_sentence():
    assert len(KINDS) == sum(map(len, (TABLE, WORLD, CONTAINERS, SECRETS))) >= 200
    codes = {expected for *_how, expected in KINDS.values() if isinstance(expected, str)}
    assert len({MESSAGES[code] for code in codes}) == len(codes)


def test_the_sheet_says_something_of_each_topic(make):
    topics = [check.topic for check in checks_of(read([make.identity()]))]
    assert set(topics) == set(TOPICS) - {"file"}
    assert topics == list(dict.fromkeys(topics)), "one good line for each"


def test_an_authority_may_be_configured_by_its_certificate(make):
    bundle = read([make.identity(make.certificate(policy=None))])
    known = authorities(make.authority.public_bytes(PEM).decode())
    codes = [check.code for check in checks_of(bundle, authorities=known)]
    assert "ISSUER_OK" in codes and "UNTRUSTED" not in codes


def test_an_expiry_may_be_answered_for_and_nothing_else(make):
    day = timedelta(days=1)
    expired = make.certificate(start=NOW - 9 * day, end=NOW - day, identifier=None, ou=None)
    found = accept_expiry(checks_of(read([make.identity(expired)])), "Anne", date(2026, 5, 4))
    levels = {check.code: check.level for check in found}
    assert levels["EXPIRY_ACCEPTED"] == "warn" and levels["NO_SIREN"] == REFUSE


def test_a_request_has_the_subject_that_the_rgs_wants():
    pem, key = make_request(Subject(ORGANISATION, SIREN, "registre"), BITS)
    request = x509.load_pem_x509_csr(pem)
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == (
        f"CN=registre,2.5.4.97=NTRFR-{SIREN},OU=0002 {SIREN},O={ORGANISATION},C=FR"
    )
    private = serialization.load_der_private_key(key, None)
    assert public_digest(private.public_key()) == public_digest(request.public_key())
    assert b"PRIVATE" not in pem


def test_sha1_is_weak(tmp_path, printed):
    found, usable = outcome_of([sha1_certificate(tmp_path)], None)
    printed.append(line("SHA-1 signature", "openssl req -x509 -sha1", found, usable))
    assert "WEAK_SIGNATURE" in dict(found) and not usable


def test_an_old_pkcs12_says_how_to_convert_it(tmp_path, make, printed):
    found, usable = outcome_of([rc2_pkcs12(tmp_path, make)], "x")
    printed.append(line("PKCS#12 with RC2", "openssl pkcs12 -legacy", found, usable))
    # OpenSSL may have been built with its legacy algorithms: then it simply opens.
    assert found == [("LEGACY_PKCS12", {"cipher": "PBE-SHA1-RC2-40"})] or usable


def test_without_the_legacy_algorithms_the_passphrase_is_not_blamed():
    """As on a Debian without openssl-provider-legacy: the old files are said to be old."""
    environment = {**os.environ, "CRYPTOGRAPHY_OPENSSL_NO_LEGACY": "1"}
    chosen = ("-k", "test_the_table and (MD5 or Windows or old)")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", *chosen, __file__]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-3000:]


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def endless() -> dict[str, bytes]:
    """Files whose passphrase takes two thousand million turns to become a key."""
    turns = der(0x30, der(0x04, b"salt" * 4), der(0x02, b"\x7f\xff\xff\xff"))
    key = der(0x30, der(0x30, der(0x06, b"*"), turns), der(0x04, b"\x00" * 64))
    label = b"ENCRYPTED PRIVATE KEY"
    safe = der(0x30, der(0x06, b"*"), der(0xA0, der(0x04, key)))
    return {
        "MAC": der(0x30, der(0x02, b"\x03"), turns),
        "bag": der(0x30, der(0x02, b"\x03"), safe),
        "key": b"-----BEGIN %b-----\n%b-----END %b-----\n"
        % (label, base64.encodebytes(key), label),
    }


@pytest.mark.parametrize(("name", "content"), endless().items())
def test_what_takes_an_hour_to_open_is_not_opened(name, content):
    with pytest.raises(Unreadable) as caught:
        read([content], PASSPHRASE)
    assert caught.value.code == "TOO_MANY_TURNS" and caught.value.code in MESSAGES


def test_a_file_of_many_locked_keys_is_left_at_the_first_ones(make):
    key = marked(b"ENCRYPTED PRIVATE KEY", make.key_der(passphrase=b"x"))
    start = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read([key * 90], "x")
    assert caught.value.code == "TWO_KEYS"
    assert time.process_time() - start < 10, "ninety keys, of which eight are opened"


def test_the_turns_of_a_file_are_seen(make):
    for rounds in (12_345, 70_000):  # the MAC has 2,048
        form = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(rounds)
        file = make.pkcs12(algorithm=form.build(PASSPHRASE.encode()))
        assert turns(file) == rounds
    assert turns(make.pkcs12(algorithm=serialization.NoEncryption())) < 10_000


def number(value: int) -> bytes:
    return der(0x02, value.to_bytes((value.bit_length() + 8) // 8, "big"))


def scrypt_key(n: int, r: int, p: int, salt: bytes = b"salt" * 4) -> bytes:
    """A key whose passphrase becomes one by scrypt (RFC 7914)."""
    scrypt = bytes.fromhex("2b06010401da47040b")
    parameters = der(0x30, der(0x04, salt), number(n), number(r), number(p), number(32))
    key = der(0x30, der(0x30, der(0x06, scrypt), parameters), der(0x04, b"\x00" * 64))
    label = b"ENCRYPTED PRIVATE KEY"
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label, base64.encodebytes(key), label)


@pytest.mark.parametrize(("n", "r", "p"), [(2**14, 8, 10**6), (2**14, 10**6, 1), (5 * 10**6, 8, 1)])
def test_what_scrypt_would_make_of_it_is_seen(n, r, p):
    with pytest.raises(Unreadable) as caught:
        read([scrypt_key(n, r, p)], PASSPHRASE)
    assert caught.value.code == "TOO_MANY_TURNS"


def test_the_usual_scrypt_is_tried():
    with pytest.raises(Unreadable) as caught:
        read([scrypt_key(2**14, 8, 1)], PASSPHRASE)
    assert caught.value.code != "TOO_MANY_TURNS"


def test_a_salt_that_looks_like_a_document_hides_nothing():
    with pytest.raises(Unreadable) as caught:
        read([scrypt_key(2**14, 8, 10**6, salt=der(0x30, der(0x05)))], PASSPHRASE)
    assert caught.value.code == "TOO_MANY_TURNS"


@pytest.mark.parametrize("line", [b"-----BEGIN A-----\n", b"-----BEGIN ", b"-----END A-----\n"])
def test_what_is_no_certificate_is_seen_at_once(line):
    """Ten seconds each, once: a worker was held, and its lock."""
    file = line * (256 * 1024 // len(line))
    start = time.monotonic()
    with pytest.raises(Unreadable):
        read([b"-----BEGIN " + file[11:]])
    with pytest.raises(Unreadable):
        authorities(file.decode())
    assert time.monotonic() - start < 2


def test_authorities_have_a_size(make):
    with pytest.raises(Unreadable) as caught:
        authorities("#" * 256 * 1024 + make.identity().decode())
    assert caught.value.code == "TOO_LARGE"


def test_nothing_secret_is_shown(make):
    bundle = read([make.identity()])
    assert "PRIVATE" not in repr(bundle) and "rsa" not in repr(bundle).lower().split("leaf")[0]
    assert b"PRIVATE" not in bundle.public_pem()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.none() | st.text(max_size=10))
def test_random_bytes_never_raise_anything_else(content, passphrase):
    found, usable = outcome_of([content], passphrase)
    assert not usable and all(code in MESSAGES for code in dict(found))


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_mutated_containers_never_raise_anything_else(containers, data):
    """Bytes changed, cut out, put in, doubled: in each kind of container, and wrapped again."""
    content = bytearray(data.draw(st.sampled_from(containers)))
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(len(content) - 1, 0)))
        size = data.draw(st.integers(0, 12))
        put = data.draw(st.binary(max_size=6) | st.just(bytes(content[place : place + 40])))
        content[place : place + size] = put
    content = bytes(content)
    if data.draw(st.booleans()):
        content = marked(data.draw(st.sampled_from([b"CERTIFICATE", b"PKCS7", b"X"])), content)
    found, _usable = outcome_of([content], data.draw(st.sampled_from([None, "x", "é"])))
    assert all(sentence(code, params) for code, params in found)


@pytest.fixture(scope="session")
def containers(make):
    certificates = [make.certificate(), make.authority]
    return Quiet(
        make.p12(certificates),
        make.several((make.certificate(), make.key), (make.personal(key=EC_KEY), EC_KEY)),
        make.several((make.certificate(), make.key), passphrase=b"x"),
        make.p7(*certificates, encoding=DER),
        make.certificate().public_bytes(DER),
        make.key_der(),
        make.key_der(passphrase=b"x"),
        make.key_der(form="TraditionalOpenSSL"),
        make.identity(),
        make.renamed(("2.5.4.10", 0x14, "Été".encode("latin-1"))),
    )


class Quiet(tuple):
    """Bytes that a failure does not print."""

    def __new__(cls, *parts):
        return super().__new__(cls, parts)

    def __repr__(self):
        return "containers"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_never_raise_anything_else(make, data):
    source = data.draw(st.sampled_from([make.identity(), make.pkcs12()]))
    place = data.draw(st.integers(0, len(source) - 1))
    damaged = source[:place] + data.draw(st.binary(max_size=4)) + source[place + 1 :]
    found, _usable = outcome_of([damaged], PASSPHRASE)
    assert all(code in MESSAGES for code in dict(found))
