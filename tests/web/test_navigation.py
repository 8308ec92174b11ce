"""What the sidebar shows, and to whom."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory, override_settings
from django.urls import include, path

from zhiheng.web import navigation
from zhiheng.web.context import shell

_view = lambda request: None  # noqa: E731
urlpatterns = [
    path("", _view, name="dashboard"),
    path(
        "people/",
        include(([path("", _view, name="person_list"), path("org/", _view, name="org_chart")], "people")),
    ),
    path("goals/", include(([path("", _view, name="goal_list")], "goals"))),
]
pytestmark = pytest.mark.urls(__name__)


def ask(path_: str, *codes: str):
    request = RequestFactory().get(path_)
    request.actor = SimpleNamespace(
        can=lambda code: code in codes, tenant_name="远望", tenant_id=1, name="孙丽娜"
    )
    return request


def shown(request) -> list[tuple[str, list[tuple[str, bool]]]]:
    return [
        (str(group.label), [(str(link.label), link.is_current) for link in group.links])
        for group in navigation.sidebar(request)
    ]


def test_entries_without_permission_or_page_are_left_out():
    assert shown(ask("/", "people.person.read", "jobs.run.read")) == [
        ("", [("工作台", True)]),
        ("人事", [("员工", False)]),
    ]


@pytest.mark.parametrize(
    ("path_", "current"),
    [
        ("/people/", "员工"),
        ("/people/7/", "员工"),
        ("/people/org/", "组织架构"),
        ("/goals/", "目标与进度"),
        ("/x/", None),
    ],
)
def test_the_entry_with_the_longest_address_is_current(path_, current):
    groups = shown(ask(path_, "people.person.read", "people.org_unit.read", "goals.goal.read"))
    assert [label for _group, links in groups for label, on in links if on] == ([current] if current else [])


def test_phone_tabs():
    tabs = navigation.phone_tabs(ask("/goals/", "goals.goal.read"))
    assert [(str(tab.label), tab.url, tab.is_current) for tab in tabs] == [
        ("首页", "/", False),
        ("目标", "/goals/", True),
    ]


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", "auto"), ("<x>", "auto")]
)
def test_theme(cookie, theme):
    request = RequestFactory().get("/")
    request.COOKIES["hr_theme"] = cookie
    assert shell(request)["shell"].theme == theme


def test_without_an_actor_there_is_no_navigation():
    found = shell(RequestFactory().get("/"))["shell"]
    assert (found.groups, found.tabs, found.tenant_name, found.tenants, found.actor) == ([], (), "", [], None)


def test_other_tenants_can_be_switched_to():
    request = ask("/")
    here, other = SimpleNamespace(tenant_id=1), SimpleNamespace(tenant_id=2)
    request.places = [here, other]
    assert shell(request)["shell"].tenants == [other]


def test_languages():
    with override_settings(LANGUAGE_CODE="en"):
        from django.utils import translation

        with translation.override("en"):
            found = shell(RequestFactory().get("/"))["shell"]
            assert (found.html_language, found.other_language) == ("en", "zh-hans")
        with translation.override("zh-hans"):
            found = shell(RequestFactory().get("/"))["shell"]
            assert (found.html_language, found.other_language) == ("zh-Hans", "en")
