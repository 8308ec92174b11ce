"""Users, their memberships of tenants, roles and API tokens."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.access.choices import BuiltinRole, ScopeKind, Theme
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.keys import uuid7
from zhiheng.tenancy.models import TenantModel


class UserManager(BaseUserManager):
    """Makes users by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Make a user; without a password nobody can sign in as them until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in; belongs to tenants by memberships. All tenants share this table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    language = models.CharField(_("界面语言"), max_length=10, blank=True)
    theme = models.CharField(_("主题"), max_length=8, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class Membership(TenantModel):
    """A user's place in a tenant; a user sees their own ones before choosing a tenant (second policy)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("用户")
    )
    person = TenantForeignKey(
        "people.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("人员"),
    )
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)
    chosen_at = models.DateTimeField(_("上次进入"), null=True, editable=False)

    # Without the guard of `objects`: a user's own memberships are read before a tenant is chosen.
    unguarded = models.Manager()

    class Meta:
        verbose_name = _("成员")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "user"], name="membership_user"),
            models.UniqueConstraint(fields=["tenant_id", "person"], name="membership_person"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Role(TenantModel):
    """A named set of permissions; a built-in one (code: a `BuiltinRole`) takes them from the program."""

    code = models.SlugField(_("编码"), max_length=40, db_index=False)
    name = models.CharField(_("名称"), max_length=60)
    is_builtin = models.BooleanField(_("内置"), default=False, editable=False)

    class Meta:
        verbose_name = _("角色")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="role_code")]

    def __str__(self) -> str:
        return self.get_label()

    def get_label(self) -> str:
        """Return the name, that of a built-in role in the reader's language."""
        return str(BuiltinRole(self.code).label) if self.is_builtin else self.name


class RolePermission(TenantModel):
    """A permission of a custom role, with the scope it holds over."""

    role = TenantForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    code = models.CharField(_("权限"), max_length=80)
    scope_kind = models.CharField(_("数据范围"), max_length=12, choices=ScopeKind)

    class Meta:
        verbose_name = _("角色权限")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "role", "code"], name="role_permission_code")
        ]


class RoleAssignment(TenantModel):
    """A role that a member holds, for the whole tenant or only a subsidiary or an org unit and below."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="assignments")
    role = TenantForeignKey(
        Role, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("角色")
    )
    within_legal_entity = TenantForeignKey(
        "tenancy.LegalEntity", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("限法人实体"),
    )  # fmt: skip
    within_org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("限组织单元"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("角色授予")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "membership", "role", "within_legal_entity", "within_org_unit"],
                name="role_assignment",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(within_legal_entity=None) | Q(within_org_unit=None), name="role_assignment_within"
            ),
        ]


class ApiToken(TenantModel):
    """A key for programs: acts as a member, with the permissions in ``codes`` only; just its hash is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=60)
    secret_hash = models.CharField(max_length=64, editable=False)
    codes = ArrayField(models.CharField(max_length=80), verbose_name=_("权限"))
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("上次使用"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("API 令牌")


class Invitation(TenantModel):
    """An invitation by e-mail to join a tenant with a role; just the hash of its secret is kept."""

    email = models.EmailField(_("邮箱"))
    role = TenantForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("角色"))
    within_legal_entity = TenantForeignKey(
        "tenancy.LegalEntity", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("限法人实体"),
    )  # fmt: skip
    within_org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("限组织单元"),
    )  # fmt: skip
    person = TenantForeignKey(
        "people.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("人员"),
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    invited_by = models.UUIDField(editable=False)
    created_at = models.DateTimeField(_("邀请时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("邀请")
        constraints = [
            models.CheckConstraint(
                condition=Q(within_legal_entity=None) | Q(within_org_unit=None), name="invitation_within"
            )
        ]
