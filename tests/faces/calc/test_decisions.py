"""Scores become decisions at exact thresholds."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from zhiheng.faces.calc.decisions import Match, Thresholds, Verdict, judge_identity, match_one
from zhiheng.faces.calc.phash import distance, is_replay, nearest, perceptual_hash
from zhiheng.faces.calc.quality import Quality, Shot, flaw_of, flaw_of_set
from zhiheng.faces.calc.vectors import best_by_owner, best_similarity, from_bytes, similarity, to_bytes

D = Decimal
LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("frontal", "turned", "verdict"),
    [
        ("0.450", "0.250", Verdict("passed")),
        ("0.449", "0.250", Verdict("review", "low_score")),
        ("0.360", "0.900", Verdict("review", "low_score")),
        ("0.359", "0.900", Verdict("refused", "other_person")),
        ("0.900", "0.249", Verdict("refused", "other_person_turned")),
        ("0.100", "0.100", Verdict("refused", "other_person")),
        ("0.500", None, Verdict("passed")),
    ],
)
def test_identity_at_the_thresholds(frontal, turned, verdict):
    assert judge_identity(D(frontal), None if turned is None else D(turned), LIMITS) == verdict


@pytest.mark.parametrize(
    ("scores", "match"),
    [
        ({}, Match(None, D(0), D(0), "nobody_enrolled")),
        ({"a": D("0.50")}, Match("a", D("0.50"), D("0.50"))),
        ({"a": D("0.499")}, Match(None, D("0.499"), D("0.499"), "unknown_person")),
        ({"a": D("0.20"), "b": D("0.60"), "c": D("0.54")}, Match("b", D("0.60"), D("0.06"))),
        ({"a": D("0.60"), "b": D("0.541")}, Match(None, D("0.60"), D("0.059"), "ambiguous")),
    ],
)
def test_one_of_many_is_alike_enough_and_clearly_ahead(scores, match):
    assert match_one(scores, LIMITS) == match


def unit(*numbers):
    vector = np.zeros(128, np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.linalg.norm(vector)


def test_similarity_is_the_cosine_in_thousandths():
    assert similarity(unit(1, 0), unit(1, 1)) == D("0.707")
    assert best_similarity(unit(1), [unit(0, 1), unit(3, 4)]) == D("0.600")
    assert best_similarity(unit(1), []) == -1
    assert best_by_owner(unit(1), ["a", "b", "a"], [unit(0, 1), unit(3, 4), unit(1)]) == {
        "a": D("1.000"), "b": D("0.600"),
    }  # fmt: skip
    assert best_by_owner(unit(1), [], []) == {}


def test_an_embedding_survives_as_bytes():
    vector = unit(1, 2, 3)
    assert len(to_bytes(vector)) == 512
    assert (from_bytes(to_bytes(vector)) == vector).all()


def picture(seed):
    return np.random.default_rng(seed).integers(0, 256, (32, 32)).astype(np.uint8)


def test_a_hash_knows_a_picture_again_in_another_light_and_no_other():
    one, other = perceptual_hash(picture(1)), perceptual_hash(picture(2))
    darker = perceptual_hash((picture(1) * 0.8 + 10).astype(np.uint8))
    assert distance(one, one) == 0
    assert distance(one, darker) <= 2
    assert distance(one, other) > 15
    assert len(one) == 16


def test_a_replay_is_within_four_bits_of_anything_known():
    one = f"{0b11111:016x}"
    assert nearest(one, [f"{0b1:016x}", f"{0:016x}"]) == 4
    assert nearest(one, []) == 64
    assert is_replay([one], [f"{0b1:016x}"])
    assert not is_replay([one], [f"{0:016x}"])
    assert not is_replay([one], [])


GOOD = {"width": 160, "sharpness": D(300), "brightness": D(120), "yaw": D("0.02")}


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({}, ""),
        ({"width": 80, "sharpness": D(40), "brightness": D(50), "yaw": D("-0.12")}, ""),
        ({"width": 79}, "face_too_small"),
        ({"brightness": D("49.9")}, "too_dark"),
        ({"brightness": D("215.1")}, "too_bright"),
        ({"sharpness": D("39.9")}, "blurred"),
        ({"yaw": D("0.121")}, "not_frontal"),
    ],
)
def test_what_a_photo_to_enrol_must_be_like(change, flaw):
    assert flaw_of(Quality(**GOOD | change)) == flaw


def test_three_photos_are_of_one_person_and_no_copies():
    one, near, far = unit(1), unit(10, 4), unit(0, 1)
    hashes = [f"{bits:016x}" for bits in (0, 0xFFFF, 0xFFFF0000)]
    accept = D("0.45")
    assert flaw_of_set([Shot(one, hashes[0])] * 2, accept) == "not_three"
    assert (
        flaw_of_set([Shot(one, hashes[0]), Shot(near, hashes[1]), Shot(far, hashes[2])], accept)
        == "not_same_person"
    )
    assert (
        flaw_of_set([Shot(one, hashes[0]), Shot(near, hashes[0]), Shot(one, hashes[2])], accept)
        == "same_photo"
    )
    assert flaw_of_set([Shot(one, each) for each in hashes], accept) == ""
