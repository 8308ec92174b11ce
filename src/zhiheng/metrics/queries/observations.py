"""Observed values."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.metrics.models import Observation
from zhiheng.metrics.policies import READ_OBSERVATION


def observations_for_actor(actor: Actor) -> QuerySet[Observation]:
    """Return the observations that the actor may see."""
    scope = actor.scope(READ_OBSERVATION).q()
    return Observation.objects.filter(scope).select_related("metric_version__metric", "person", "org_unit")


def observation_for_actor(actor: Actor, observation_id: UUID) -> Observation:
    """Return one observation; 404 when it is not there or not the actor's to see."""
    found = observations_for_actor(actor).filter(id=observation_id)
    observation = found.select_related("metric_version__stream").first()
    if observation is None:
        raise Http404
    return observation


def observations_of_record(actor: Actor, record_id: UUID) -> QuerySet[Observation]:
    """Return the observations that a record counted in, those that the actor may see."""
    return observations_for_actor(actor).filter(record_ids__contains=[record_id]).order_by("-period_from")
