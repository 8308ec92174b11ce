"""Background jobs as people see them; the queue itself is procrastinate's."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.jobs.choices import OPEN_STATES, JobState, Queue
from zhiheng.tenancy.models import TenantModel


class JobRun(TenantModel):
    """One request to do something in the background, over all its attempts.

    ``attempts`` is also the fence against doing the work twice: an attempt may only finish the run while the
    number is still its own; a retry by hand counts on from ``first_attempt``. ``token_codes`` are the
    permissions of the API token that asked for the work: it gets no others.
    """

    kind = models.CharField(_("任务"), max_length=80)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    queue = models.CharField(_("队列"), max_length=20, choices=Queue, default=Queue.DEFAULT)
    state = models.CharField(_("状态"), max_length=12, choices=JobState, default=JobState.QUEUED)
    params = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    user_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    token_id = models.UUIDField(null=True)
    token_codes = ArrayField(models.CharField(max_length=80), null=True)
    actor_name = models.CharField(_("发起人"), max_length=120)
    progress_done = models.BigIntegerField(_("已处理"), default=0)
    progress_total = models.BigIntegerField(_("总数"), null=True)
    progress_text = models.CharField(_("进度"), max_length=200, blank=True)
    attempts = models.IntegerField(_("尝试次数"), default=0)
    first_attempt = models.IntegerField(default=0)
    is_cancel_requested = models.BooleanField(default=False)
    queued_job_id = models.BigIntegerField(null=True)
    result = models.JSONField(_("结果"), null=True)
    error = models.CharField(_("错误信息"), max_length=500, blank=True)
    error_id = models.CharField(_("错误编号"), max_length=12, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("后台任务")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "kind", "unique_key"],
                condition=Q(state__in=[str(each) for each in OPEN_STATES]) & ~Q(unique_key=""),
                name="job_run_unique_key",
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "created_at"], name="job_run_created"),
            models.Index(fields=["tenant_id", "state", "created_at"], name="job_run_state"),
            models.Index(fields=["tenant_id", "membership_id", "created_at"], name="job_run_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether the job waits or runs."""
        return self.state in OPEN_STATES

    @property
    def is_finished(self) -> bool:
        """Tell whether the job is over."""
        return not self.is_open

    @property
    def share(self) -> float:
        """Return the progress from 0 to 1; 0 while the total is not known."""
        return (self.percent or 0) / 100

    @property
    def percent(self) -> int | None:
        """Return the progress from 0 to 100; ``None`` while the total is not known."""
        if not self.progress_total:
            return None
        return min(100, self.progress_done * 100 // self.progress_total)
