"""URLs of the shell itself."""

from django.urls import path
from django.views.i18n import set_language

from zhiheng.access.http import public_page
from zhiheng.web.views.preferences import set_theme
from zhiheng.web.views.style import style_page

urlpatterns = [
    path("ui/", style_page, name="style_page"),
    path("preferences/theme/", set_theme, name="set_theme"),
    path("preferences/language/", public_page(set_language), name="set_language"),
]
