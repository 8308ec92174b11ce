"""List pages, over the content types: rows that belong to no tenant."""

import csv
import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.test import RequestFactory

from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, Filter, ListPage, RowAction

pytestmark = pytest.mark.django_db


class KindList(ListPage):
    key = "test.kind"
    title = "类型"
    columns = [
        Column("model", "模型", sort="model", is_fixed=True, url=lambda row: f"/kinds/{row.model}/"),
        Column("label", "应用", value="app_label", sort=["app_label", "model"]),
        Column("size", "长度", value=lambda row: len(row.model), kind="number"),
        Column(
            "state", "状态", value=lambda row: row.model[:1], tags={"a": ("ok", "甲"), "b": ("bad", "乙")}
        ),
        Column("pk", "编号", is_default=False),
    ]
    filters = [
        ChoiceFilter("app", "应用", field="app_label", choices=lambda page: [("one", "一"), ("two", "二")]),
        ChoiceFilter("first", "首字", field="model__startswith", choices=[("a", "甲")], is_segmented=True),
        Filter("exact", "模型", apply=lambda rows, value: rows.filter(model=value)),
        DateFilter("since", "自", apply=lambda rows, value: rows.none()),
    ]
    search_fields = ["model", "app_label"]
    default_sort = "model"
    page_size = 3

    def rows(self):
        return ContentType.objects.filter(app_label__in=["one", "two"])

    def row_actions(self, row):
        return [RowAction("查看", f"/kinds/{row.model}/", is_drawer=row.model == "a1")]


@pytest.fixture(autouse=True)
def kinds():
    for label, model in [("one", "a1"), ("one", "a2"), ("one", "b1"), ("two", "a1"), ("two", "b2")]:
        ContentType.objects.create(app_label=label, model=model)


def ask(
    query: str = "", kind: type[ListPage] = KindList, cookies: dict | None = None, **headers: str
) -> ListPage:
    request = RequestFactory().get(f"/kinds/{query}", headers=headers)
    request.COOKIES.update(cookies or {})
    return kind(request)


def shown(page: ListPage) -> list[tuple[str, str]]:
    return [(row.object.app_label, row.object.model) for row in page.drawn_rows()]


def test_first_page_in_the_default_order():
    page = ask()
    assert shown(page) == [("one", "a1"), ("two", "a1"), ("one", "a2")]
    assert page.page.paginator.count == 5
    assert page.context()["state"]["total"] == "共 5 条"


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("?page=2", ["b1", "b2"]),
        ("?page=99", ["b1", "b2"]),
        ("?page=-1", ["b1", "b2"]),
        ("?page=x", ["a1", "a1", "a2"]),
        ("?sort=-model", ["b2", "b1", "a2"]),
        ("?sort=label", ["a1", "a2", "b1"]),
        ("?sort=size", ["a1", "a1", "a2"]),
        ("?sort=password", ["a1", "a1", "a2"]),
        ("?q=B", ["b1", "b2"]),
        ("?q=a%20two", ["a1"]),
        ("?app=two", ["a1", "b2"]),
        ("?app=other", ["a1", "a1", "a2"]),
        ("?first=a", ["a1", "a1", "a2"]),
        ("?exact=b1", ["b1"]),
        ("?since=2026-02-30", ["a1", "a1", "a2"]),
        ("?since=2026-01-01", []),
        ("?q=%00%27%22", []),
    ],
)
def test_query_strings_good_and_bad(query, models):
    assert [model for _label, model in shown(ask(query))] == models


class LongList(KindList):
    count_limit = 4


def test_a_list_that_grows_for_ever_is_counted_no_further_than_its_limit():
    page = ask("?page=2", LongList)
    assert page.context()["state"]["total"] == "共 4+ 条"
    assert shown(page) == [("one", "b1")]
    assert ask("?app=two", LongList).context()["state"]["total"] == "共 2 条"


def test_a_list_costs_two_queries(django_assert_num_queries):
    page = ask("?q=a&app=one")
    with django_assert_num_queries(2):
        page.context()


def test_cells():
    (row, *_rest) = ask("?exact=b1").drawn_rows()
    assert [str(cell) for _column, cell in row.cells] == [
        '<a href="/kinds/b1/">b1</a>',
        "one",
        "2",
        '<span class="hr-tag dot bad">乙</span>',
    ]
    assert row.actions == [RowAction("查看", "/kinds/b1/")]


def test_a_click_on_the_sorted_head_turns_it_round():
    heads = {head.column.key: head for head in ask("?sort=model&q=a&page=2").heads()}
    assert heads["model"].direction == "ascending"
    assert heads["model"].sort_query == "?q=a&sort=-model"
    assert heads["label"].sort_query == "?q=a&sort=label"
    assert heads["size"].sort_query == ""


def test_full_page_and_part():
    full = ask().response()
    part = ask(**{"HX-Request": "true"}).response()
    assert b"<html" in full.content
    assert b"<html" not in part.content
    assert b'id="list-test-kind"' in part.content
    assert "HX-Request" in full.headers["Vary"]
    assert part.headers["HX-Push-Url"] == "/kinds/"


def test_htmx_going_back_in_history_gets_the_full_page():
    response = ask(**{"HX-Request": "true", "HX-History-Restore-Request": "true"}).response()
    assert b"<html" in response.content


def test_the_pushed_address_has_no_empty_keys():
    response = ask("?q=&app=one&cols=model", **{"HX-Request": "true"}).response()
    assert response.headers["HX-Push-Url"] == "/kinds/?app=one"


def test_columns_are_chosen_and_remembered():
    response = ask("?cols=pk&cols=label&q=a").response()
    assert (response.status_code, response.headers["Location"]) == (302, "/kinds/?q=a")
    kept = response.cookies["hr_cols_test-kind"].value
    assert kept == "model.label.pk"
    page = ask(cookies={"hr_cols_test-kind": kept})
    assert [column.key for column in page.shown_columns] == ["model", "label", "pk"]


def test_choosing_the_default_columns_forgets_the_choice():
    response = ask("?cols=model&cols=label&cols=size&cols=state").response()
    assert response.cookies["hr_cols_test-kind"].value == ""


@pytest.mark.parametrize("cookie", ["", "gone.columns", "%00", "...."])
def test_a_cookie_that_names_no_column_counts_for_nothing(cookie):
    page = ask(cookies={"hr_cols_test-kind": cookie})
    assert [column.key for column in page.shown_columns] == ["model", "label", "size", "state"]


def test_export_holds_all_matching_rows():
    response = ask("?app=one&export=csv&page=2").response()
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["模型", "应用", "长度", "状态"],
        ["a1", "one", "2", "甲"],
        ["a2", "one", "2", "甲"],
        ["b1", "one", "2", "乙"],
    ]


def test_export_tells_the_domain():
    told = []

    class Told(KindList):
        def on_export(self, file_format, count):
            told.append((file_format, count))

    ask("?export=xlsx", Told).response()
    assert told == [("xlsx", 5)]


def test_no_export_where_it_is_not_allowed():
    class Closed(KindList):
        can_export = False

    response = ask("?export=csv", Closed).response()
    assert response.headers["Content-Type"].startswith("text/html")


def test_an_unknown_export_format_is_a_page():
    assert ask("?export=exe").response().headers["Content-Type"].startswith("text/html")


class Empty(KindList):
    empty_title = "还没有类型"
    empty_action = ("新建", "/kinds/new/")

    def rows(self):
        return ContentType.objects.none()


def test_empty_and_filtered_empty_are_told_apart():
    empty = ask(kind=Empty).response().content.decode()
    filtered = ask("?q=x", Empty).response().content.decode()
    assert "还没有类型" in empty
    assert 'href="/kinds/new/"' in empty
    assert "清除筛选" not in empty
    assert "清除筛选" in filtered
    assert "还没有类型" not in filtered


def test_a_failing_database_is_an_error_state_with_a_number():
    class Failing(KindList):
        def rows(self):
            raise DatabaseError("secret detail")

    response = ask(kind=Failing).response()
    assert response.status_code == 500
    assert "加载失败" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_missing_permission_is_named():
    class Refused(PermissionDenied):
        class permission:
            label = "查看薪资"

    class Locked(KindList):
        def rows(self):
            raise Refused

    response = ask(kind=Locked).response()
    assert response.status_code == 403
    assert "查看薪资" in response.content.decode()


def test_filters_in_force_can_be_taken_off_one_by_one():
    active = ask("?app=one&first=a&q=x").context()["active_filters"]
    assert active == [("应用", "一", "?first=a&q=x")]


def test_scripts_in_the_query_are_escaped():
    response = ask("?q=%3Cscript%3Ealert(1)%3C/script%3E&exact=%22%3E%3Cscript%3E").response()
    assert "<script>alert" not in response.content.decode()
    assert '"><script>' not in response.content.decode()


def test_nulls_last_is_said_only_of_what_can_be_null():
    from zhiheng.people.models import Person
    from zhiheng.webkit.columns import Column

    def sql(sort: str) -> str:
        (ordering,) = Column("x", "x", sort=sort).ordering(Person, is_descending=True)
        return str(ordering)

    assert sql("name") == "OrderBy(F(name), descending=True)"
    assert "nulls_last" not in sql("legal_entity__name")
    assert Column("x", "x", sort="hired_on").ordering(Person, is_descending=False)[0].nulls_last is True
    assert Column("x", "x", sort="org_unit__name").ordering(Person, is_descending=False)[0].nulls_last is True
    assert Column("x", "x", sort="name").ordering(Person, is_descending=False)[0].nulls_last is None
