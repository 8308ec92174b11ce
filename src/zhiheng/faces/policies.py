"""Who may use, see and look after faces. What a face looks like is seen by as few as possible."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

USE_FACE = permission(
    "faces.face.use",
    _("登记并使用人脸"),
    {"hr": "tenant", "department_head": "self", "finance": "self", "employee": "self"},
)
READ_FACE = permission("faces.face.read", _("查看人脸登记与核验"), {"hr": "tenant", "auditor": "tenant"})
SEE_PHOTO = permission("faces.photo.read", _("查看人脸照片"), {"hr": "tenant"})
DELETE_FACE = permission("faces.face.delete", _("删除人脸数据"), {"hr": "tenant"})
MANAGE_SETTING = permission("faces.setting.manage", _("设置人脸识别"), {"hr": "tenant"}, is_scoped=False)
