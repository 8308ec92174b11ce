"""Running a job: exactly one attempt takes effect, however often workers die.

The work and the word that it is done are one transaction. A killed worker leaves neither; whoever takes the
run over counts one attempt on, and an attempt whose number is not the last any more cannot commit. Claims,
progress and failures are written beside that transaction, on a connection of their own.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor, system_actor
from zhiheng.access.errors import Forbidden
from zhiheng.access.public import actor_of_user
from zhiheng.jobs.definitions import JobDefinition, definition_of
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.services import states
from zhiheng.jobs.services.errors import AttemptAgain, Cancelled, Interrupted, JobError, JobFailed
from zhiheng.jobs.services.side import Side
from zhiheng.tenancy.context import tenant_context

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.5
RETRY_SECONDS = (5, 30, 120)


@dataclass
class RunningJob:
    """A job under way; what its function gets."""

    actor: Actor
    run: JobRun
    side: Side
    should_stop: Callable[[], bool]
    written_at: float = float("-inf")

    @property
    def job_id(self) -> UUID:
        """Return the run's id."""
        return self.run.id

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Write the progress, at most twice a second. Raises `Cancelled` or `Interrupted` to end the work."""
        if self.should_stop():
            raise Interrupted
        now = time.monotonic()
        if now - self.written_at < PROGRESS_SECONDS and done != total:
            return
        self.written_at = now
        self.run.progress_total = total
        if self.side.call(lambda: states.note_progress(self.run, done, total, str(text))):
            raise Cancelled


def execute(*, tenant_id: UUID, job_id: UUID, side: Side, should_stop: Callable[[], bool]) -> None:
    """Attempt a job. Raises `AttemptAgain` if it should be repeated and `JobFailed` if it failed."""
    try:
        run = side.call(lambda: states.claim(tenant_id, job_id))
        if run is not None:
            with translation.override(run.language):
                _attempt(run, definition_of(run.kind), side, should_stop)
    except states.Superseded:
        logger.warning("job %s: another attempt has taken it over, or it is done", job_id)
    except (OperationalError, InterfaceError) as error:  # not even the outcome could be written
        raise AttemptAgain(RETRY_SECONDS[0]) from error


def _attempt(
    run: JobRun, definition: JobDefinition | None, side: Side, should_stop: Callable[[], bool]
) -> None:
    problem = _why_not(run, definition)
    if definition is None or problem:
        _fail(side, run, problem)
    try:
        _work(definition, run, side, should_stop)
    except states.Superseded:
        raise
    except Cancelled:
        side.call(lambda: states.cancel(run))
    except Interrupted:
        _again(side, run, _("工作进程正在重启，任务稍后继续。"), 0)
    except (OperationalError, InterfaceError) as error:
        _after_outage(side, run, definition, error)
    except Exception as error:
        _fail(side, run, *_explain(error, run))


def _why_not(run: JobRun, definition: JobDefinition | None) -> str:
    """Return why the run cannot be attempted; empty if it can."""
    if definition is None:
        return _("本版本已没有这种任务。")
    if run.attempts - run.first_attempt > definition.max_attempts:
        return _("任务多次中断，已停止自动重试。请检查数据量后手动重试，或联系管理员。")
    return ""


def _work(definition: JobDefinition, run: JobRun, side: Side, should_stop: Callable[[], bool]) -> None:
    actor = actor_of_run(run)
    with tenant_context(run.tenant_id, actor.legal_entity_ids):
        result = definition.function(RunningJob(actor, run, side, should_stop), **run.params)
        states.finish(run, json.loads(json.dumps(result, cls=DjangoJSONEncoder)))


def actor_of_run(run: JobRun) -> Actor:
    """Return who started the run, with the permissions they have now; raise `JobError` if they have left."""
    if run.membership_id is None:
        return system_actor(run.tenant_id, run.actor_name)
    actor = actor_of_user(run.user_id, run.tenant_id)
    if actor is None:
        raise JobError(_("发起人已不能在本企业工作，任务没有执行。"))
    if run.token_codes is None:
        return actor
    grants = {code: scope for code, scope in actor.grants.items() if code in run.token_codes}
    return replace(actor, grants=grants, token_id=run.token_id)


def _after_outage(side: Side, run: JobRun, definition: JobDefinition, error: Exception) -> None:
    """Try again what the database broke off, unless it was the last attempt."""
    number = run.attempts - run.first_attempt
    if number >= definition.max_attempts:
        _fail(side, run, *_explain(error, run))
    logger.warning("job %s: attempt %s broke off, trying again", run.id, run.attempts, exc_info=error)
    _again(
        side, run, _("数据库暂时不可用，稍后自动重试。"), RETRY_SECONDS[min(number, len(RETRY_SECONDS)) - 1]
    )


def _again(side: Side, run: JobRun, text: str, seconds: float) -> NoReturn:
    side.call(lambda: states.requeue(run, text))
    raise AttemptAgain(seconds) from None


def _fail(side: Side, run: JobRun, message: str, error_id: str = "") -> NoReturn:
    side.call(lambda: states.fail(run, message, error_id))
    raise JobFailed(f"{run.kind} {run.id} {error_id}".strip()) from None


def _explain(error: Exception, run: JobRun) -> tuple[str, str]:
    """Return what to tell people, and the number under which the log has the rest (if there is more)."""
    if isinstance(error, JobError):
        return str(error), ""
    if isinstance(error, ValidationError):
        return " ".join(error.messages), ""
    if isinstance(error, Forbidden):
        return _("发起人没有“{permission}”权限。").format(permission=error.permission.label), ""
    if isinstance(error, Http404):
        return _("要处理的数据已不存在，或发起人已无权查看。"), ""
    error_id = secrets.token_hex(4).upper()
    logger.error("job %s (%s) failed, error %s", run.id, run.kind, error_id, exc_info=error)
    return _("系统内部错误，任务没有完成，数据没有改动。请重试；若仍失败，请把错误编号告诉管理员。"), error_id
