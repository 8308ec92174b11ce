"""A negotiation with everybody, and one that ended."""

from __future__ import annotations

from decimal import Decimal

from zhiheng.goals.services.negotiations import Offer, open_negotiation
from zhiheng.goals.services.replies import reply_to_goal
from zhiheng.metrics.public import period_by_code
from zhiheng.people.models import Person

KINDS = {"negotiation_id": "negotiation"}
OF_PEOPLE = {"negotiation"}
OF_SUBSIDIARIES = {"negotiation"}
WITHOUT_MARKER = {"goals:probability", "get_probability", "list_outlooks", "get_shortfall"}
QUERIES = {"get_probability": "?target=1"}


def add(company, actor) -> None:
    """Open a negotiation with a person of every department, with a reason that names them."""
    period = period_by_code("2026Q2").id
    for code in [each for each in company.ids if each != "all"]:
        person = Person.objects.get(id=company.ids[code]["person"])
        offer = Offer(Decimal(100), f"{person.name}的理由")
        made = open_negotiation(
            actor=actor, person_id=person.id, metric_code="revenue", period_id=period, offer=offer
        )
        company.ids[code]["negotiation"] = made
        reply_to_goal(actor=actor, goal_id=company.ids[code]["goal"], text=f"{person.name}的说明")
