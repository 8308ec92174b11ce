"""What terminal and server tell each other about themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SERVER_VERSION = "2.4.1"
OLDEST_VERSION = "2.2.14"
"""What a terminal speaks that does not say so."""
TABLES = ("ATTLOG", "OPERLOG", "ATTPHOTO", "BIODATA", "ERRORLOG")
# Punches, operations, photos of punches, users. Templates are not asked for: nobody here has consented to that.
_SENT = ("AttLog", "OpLog", "AttPhoto", "EnrollUser", "ChgUser", "ErrorLog")


@dataclass(frozen=True)
class DeviceInfo:
    """What a terminal adds to its question for commands: firmware and how much it holds."""

    firmware: str = ""
    users: int | None = None
    fingers: int | None = None
    punches: int | None = None
    ip: str = ""
    faces: int | None = None
    functions: str = ""


def parse_options(text: str) -> dict[str, str]:
    """Read a list of options, parted by commas or lines; a piece without ``=`` belongs to the value before."""
    found: dict[str, str] = {}
    last = ""
    for piece in re.split(r"[,\r\n\t]", text.replace("\0", "")):
        key, is_pair, value = piece.partition("=")
        key = key.strip().lstrip("~")
        if is_pair and key:
            last = key
            found[key] = value.strip()
        elif last and piece.strip():
            found[last] = f"{found[last]},{piece.strip()}"
    return found


def parse_info(text: str) -> DeviceInfo:
    """Read the parameter INFO; what is missing stays unknown."""
    parts = [each.strip() for each in text.replace("\0", "").split(",")]
    parts += [""] * (10 - len(parts))
    return DeviceInfo(
        parts[0], _count(parts[1]), _count(parts[2]), _count(parts[3]), parts[4], _count(parts[8]), parts[9]
    )


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def version_of(pushver: str) -> tuple[int, ...]:
    """Return a protocol version in a form that compares; nonsense counts as the oldest."""
    digits = re.findall(r"\d{1,6}", pushver or OLDEST_VERSION, re.ASCII)
    return tuple(int(each) for each in digits[:4]) or version_of(OLDEST_VERSION)


def speaks_biodata(pushver: str) -> bool:
    """Tell whether a terminal knows the unified templates and photos of version 2.4."""
    return version_of(pushver) >= (2, 4)


def initial_options(
    serial_number: str,
    *,
    stamps: Mapping[str, str],
    zone_option: int,
    pushver: str,
    delay_seconds: int = 10,
    error_delay_seconds: int = 30,
) -> str:
    """Return the answer to a terminal's first question.

    ``stamps`` are what each table goes on from: the last one it sent, ``0`` to have all of it again.
    """
    lines = [f"GET OPTION FROM: {serial_number}"]
    lines += [f"{table}Stamp={stamps.get(table) or 'None'}" for table in TABLES]
    lines += [
        f"ErrorDelay={error_delay_seconds}",
        f"Delay={delay_seconds}",
        "TransTimes=00:00;14:05",
        "TransInterval=1",
        "TransFlag=TransData " + "\t".join(_SENT),
        f"TimeZone={zone_option}",
        "Realtime=1",
        "Encrypt=None",
        f"ServerVer={SERVER_VERSION}",
        f"PushProtVer={SERVER_VERSION}",
    ]
    if speaks_biodata(pushver):
        lines += [
            "PushOptionsFlag=1",
            "PushOptions=~DeviceName,FWVersion,IPAddress,UserCount,FaceCount,TransactionCount,FaceFunOn,BioPhotoFun",
            "MultiBioDataSupport=0:0:0:0:0:0:0:0:0:0",
            "MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1",
        ]
    return "\n".join(lines) + "\n"
