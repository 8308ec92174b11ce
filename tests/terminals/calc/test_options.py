from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.terminals.calc.options import (
    DeviceInfo,
    initial_options,
    parse_info,
    parse_options,
    speaks_biodata,
    version_of,
)


def test_options_of_a_terminal():
    text = "~DeviceName=SpeedFace-V5L,MAC=00:17:61,Lines=a,b,FaceCount=3\nFWVersion=Ver 1\t=x,,\0"
    assert parse_options(text) == {
        "DeviceName": "SpeedFace-V5L", "MAC": "00:17:61", "Lines": "a,b", "FaceCount": "3", "FWVersion": "Ver 1,=x",
    }  # fmt: skip
    assert parse_options("nothing") == {}


def test_info():
    found = parse_info("Ver 2.0.12-20150625,4,3,200,192.168.16.27,10,7,15,2,111")
    assert found == DeviceInfo("Ver 2.0.12-20150625", 4, 3, 200, "192.168.16.27", 2, "111")
    assert parse_info("") == DeviceInfo()
    assert parse_info("V,-1,x") == DeviceInfo("V")


def test_versions():
    assert [version_of(each) for each in ("2.4.1", "", "x", "3.1.2S")] == [
        (2, 4, 1),
        (2, 2, 14),
        (2, 2, 14),
        (3, 1, 2),
    ]
    assert [speaks_biodata(each) for each in ("2.4.0", "2.3.0", "")] == [True, False, False]


def test_the_first_answer_to_an_old_terminal():
    text = initial_options("SN1", stamps={"ATTLOG": "12", "OPERLOG": "0"}, zone_option=8, pushver="")
    assert text == (
        "GET OPTION FROM: SN1\nATTLOGStamp=12\nOPERLOGStamp=0\nATTPHOTOStamp=None\nBIODATAStamp=None\n"
        "ERRORLOGStamp=None\nErrorDelay=30\nDelay=10\nTransTimes=00:00;14:05\nTransInterval=1\n"
        "TransFlag=TransData AttLog\tOpLog\tAttPhoto\tEnrollUser\tChgUser\tErrorLog\nTimeZone=8\nRealtime=1\n"
        "Encrypt=None\nServerVer=2.4.1\nPushProtVer=2.4.1\n"
    )


def test_a_new_terminal_is_told_that_faces_come_as_photos_and_templates_stay_with_it():
    text = initial_options("SN1", stamps={}, zone_option=330, pushver="2.4.1")
    assert "MultiBioDataSupport=0:0:0:0:0:0:0:0:0:0\nMultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1\n" in text
    assert "EnrollFP" not in text
    assert "BioPhoto\t" not in text


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text):
    parse_options(text)
    parse_info(text)
    version_of(text)
