"""What a face punch costs: ``python -m bench.face [--repeat N] [--photos DIR]`` prints one JSON line.

CPU milliseconds of one process, one thread a net, for frames of 640 x 480 as a browser sends: decoding, detection
and embedding alone, and a whole check of five frames with challenge, templates, replay, photo and database.
``--photos`` takes a folder of other photos (such as portraits) and adds how alike they are to each other.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench._database import scratch_database


def _cpu_ms(work: Callable[[], object], repeat: int) -> dict[str, float]:
    """Return median and 95th percentile of the CPU milliseconds of ``work``."""
    times = []
    for _ in range(repeat):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    times.sort()
    return {"p50": round(statistics.median(times), 1), "p95": round(times[int(len(times) * 0.95) - 1], 1)}


def _parts(repeat: int) -> dict[str, dict[str, float]]:
    from tests.factories.faces import COLLINS, jpeg, selfie

    from zhiheng.faces import engine

    frame = jpeg(selfie(COLLINS))
    picture = engine.open_picture(frame)
    face = engine.only_face(picture)
    engine.embedding_of(picture, face)
    return {
        "decode": _cpu_ms(lambda: engine.open_picture(frame), repeat),
        "detect": _cpu_ms(lambda: engine.faces_in(picture), repeat),
        "embed": _cpu_ms(lambda: engine.embedding_of(picture, face), repeat),
    }


def _company():
    """Return a worker who is enrolled, as an actor, and their tenant."""
    from tests.factories import (
        actor_for,
        make_legal_entity,
        make_member,
        make_org_unit,
        make_person,
        make_tenant,
    )
    from tests.factories.faces import COLLINS, enrolment_photos

    from zhiheng.faces.queries.consents import TEXT_VERSION
    from zhiheng.faces.services.consents import give_consent
    from zhiheng.faces.services.enrolment import enrol_face
    from zhiheng.tenancy.context import tenant_context

    tenant = make_tenant("bench")
    person = make_person(make_org_unit(make_legal_entity(tenant, "bench"), "bench"))
    actor = actor_for(make_member(tenant, "employee", person=person), tenant)
    with tenant_context(tenant.id):
        give_consent(actor=actor, text_version=TEXT_VERSION)
        enrol_face(actor=actor, photos=enrolment_photos(COLLINS))
    return tenant, actor


def _check(tenant, actor, repeat: int) -> dict[str, float]:
    """Measure whole checks; each frame set is moved a little, so that none is a replay of another."""
    from tests.factories.faces import COLLINS, burst

    from zhiheng.faces import public
    from zhiheng.faces.models import FaceChallenge
    from zhiheng.tenancy.context import tenant_context

    places = [(width, dx) for width in (200, 240) for dx in (-60, -30, 0, 30, 60)]
    sets = [burst(COLLINS, "left", face_width=width, dx=dx) for width, dx in places]
    times, states = [], []
    for number in range(repeat):
        with tenant_context(tenant.id):
            made = public.start_challenge(actor=actor)
            FaceChallenge.objects.filter(id=made.id).update(turn="left")
        began = time.process_time()
        with tenant_context(tenant.id):
            found = public.check_face(actor=actor, nonce=made.nonce, frames=sets[number % len(sets)])
        times.append((time.process_time() - began) * 1000)
        states.append(found.reason or found.state)
        if found.state == "refused" and states.count(found.reason) > 15:
            break
    times.sort()
    return {
        "p50": round(statistics.median(times), 1), "p95": round(times[int(len(times) * 0.95) - 1], 1),
        "checks": len(times), **{state: states.count(state) for state in sorted(set(states))},
    }  # fmt: skip


def _photos(folder: Path) -> dict[str, object]:
    """Return how alike the photos of a folder are to each other: name of both -> cosine."""
    from zhiheng.faces import engine
    from zhiheng.faces.calc.vectors import similarity

    vectors = {}
    for path in sorted(folder.iterdir()):
        try:
            picture = engine.open_picture(path.read_bytes())
            vectors[path.stem] = engine.embedding_of(picture, engine.only_face(picture))
        except engine.PhotoRefused as refused:
            vectors[path.stem] = refused.code
    return {
        f"{one} {other}": float(similarity(vectors[one], vectors[other]))
        for one in vectors
        for other in vectors
        if one < other and not isinstance(vectors[one], str) and not isinstance(vectors[other], str)
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--photos", type=Path)
    wanted = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    with scratch_database():
        parts = _parts(wanted.repeat)
        tenant, actor = _company()
        check = _check(tenant, actor, wanted.repeat)
        found = {"bench": "face", "cpu_ms": {**parts, "check": check}}
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if wanted.photos:
            found["similarity"] = _photos(wanted.photos)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
