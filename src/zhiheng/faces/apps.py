"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "faces.consent": _("人脸同意书"),
    "faces.face": _("人脸"),
    "faces.photo": _("人脸照片"),
    "faces.setting": _("人脸设置"),
}


class FacesConfig(AppConfig):
    """Tells the audit log of names."""

    name = "zhiheng.faces"
    verbose_name = _("人脸识别")

    def ready(self) -> None:
        """Name what faces write to the audit log about."""
        from zhiheng.audit.public import name_subjects

        name_subjects(SUBJECTS)
