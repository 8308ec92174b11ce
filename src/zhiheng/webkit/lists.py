"""List pages: declare columns, filters and rows; get search, sort, pages, a column chooser and export.

    class PersonList(ListPage):
        key = "people.person"
        title = _("员工")
        total_label = _("共 {count} 人")
        columns = [
            Column("name", _("员工"), sort="name", template="people/_name_cell.html", is_fixed=True),
            Column("unit", _("部门"), value="org_unit.name", sort="org_unit__name"),
            Column("hired_on", _("入职日期"), sort="hired_on", kind="date"),
            Column("status", _("状态"), tags={"active": ("ok", _("在职"))}),
        ]
        filters = [ChoiceFilter("status", _("状态"), choices=Status.choices, is_segmented=True)]
        search_fields = ["name", "number"]
        search_label = _("姓名 / 工号")
        default_sort = "-hired_on"

        def rows(self):
            return person_rows_for_actor(self.actor)      # a queryset; select_related what the cells read

    @requires(READ_PERSON)
    def person_list(request):
        return PersonList(request).response()

All state is in the query string: ``q``, ``sort`` (``name`` or ``-name``), ``page``, one key per filter.
``export`` (xlsx or csv) answers with a file of all matching rows. ``cols`` chooses columns and is remembered
in a cookie. htmx gets the list part only. A list costs two queries, count and page, beside those of ``rows``
and of choices. Pages with more on them extend ``webkit/list.html``, or include ``webkit/list.html#list`` with
``context()``.
"""

from __future__ import annotations

import functools
import logging
import operator
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from zhiheng.webkit.columns import ChoiceFilter, Column, DateFilter, Filter, printable
from zhiheng.webkit.export import csv_response, xlsx_response

__all__ = ["ChoiceFilter", "Column", "DateFilter", "Filter", "ListPage", "RowAction"]

logger = logging.getLogger(__name__)
PARTIAL = "webkit/list.html#list"
COOKIE_SECONDS = 365 * 24 * 3600
MAX_SEARCH_WORDS = 6
FORMATS = {"xlsx": xlsx_response, "csv": csv_response}


@dataclass(frozen=True)
class RowAction:
    """A text link at the end of a row; ``is_drawer`` opens the address in the shell's drawer."""

    label: str
    url: str
    is_drawer: bool = False


@dataclass(frozen=True)
class Head:
    """A column's head as one request sees it."""

    column: Column
    sort_query: str
    direction: str


@dataclass(frozen=True)
class Row:
    """A row as it is drawn."""

    cells: Sequence[tuple[Column, SafeString]]
    actions: Sequence[RowAction]
    object: object


class CappedPaginator(Paginator):
    """Counts up to a limit and offers no page beyond it, so that the millionth row costs what the first does."""

    def __init__(self, rows: QuerySet, per_page: int, limit: int) -> None:
        super().__init__(rows, per_page)
        self.limit = limit

    @cached_property
    def counted(self) -> int:
        """Return how many rows there are, one more than the limit at most."""
        return self.object_list.order_by()[: self.limit + 1].count()

    @property
    def count(self) -> int:
        """Return how many rows the pages hold."""
        return min(self.counted, self.limit)

    @property
    def has_more(self) -> bool:
        """Tell whether there are rows that no page holds."""
        return self.counted > self.limit


class ListPage:
    """A list; subclass it and declare, see the module's text. One instance serves one request."""

    key: str = ""
    title: str = ""
    sub: str = ""
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    search_fields: Sequence[str] = ()
    search_label: str = _("搜索")
    default_sort: str = ""
    page_size: int = 50
    count_limit: int | None = None  # count no further: for lists that grow for ever
    total_label: str = _("共 {count} 条")
    template_name: str = "webkit/list.html"
    can_export: bool = True
    empty_icon: str = "inbox"
    empty_title: str = _("这里还没有内容")
    empty_text: str = ""
    empty_action: tuple[str, str] | None = None  # (label, address)
    crumbs: Sequence[tuple[str, str]] = ()

    def __init__(self, request: HttpRequest, **options: object) -> None:
        self.request = request
        self.actor = getattr(request, "actor", None)
        self.options = options

    # --- What subclasses say ------------------------------------------------------------------------------

    def rows(self) -> QuerySet:
        """Return all rows that the actor may see, unfiltered."""
        raise NotImplementedError

    def row_actions(self, row: object) -> Sequence[RowAction]:
        """Return the links at the end of a row."""
        return ()

    def extra_context(self) -> dict[str, object]:
        """Return more for the template."""
        return {}

    def on_export(self, file_format: str, count: int) -> None:
        """Called before a file of ``count`` rows is handed out, for instance to record it."""

    # --- State of the query string ------------------------------------------------------------------------

    @cached_property
    def query(self) -> str:
        """Return the search text."""
        return printable(self.request.GET.get("q", ""))[:200] if self.search_fields else ""

    @cached_property
    def bound_filters(self) -> list[tuple[Filter, object | None]]:
        """Return every filter with its value, ``None`` when it is off."""
        bound = [each.bind(self) for each in self.filters]
        return [(each, each.clean(self.request.GET.get(each.name, ""))) for each in bound]

    @cached_property
    def is_filtered(self) -> bool:
        """Tell whether a search or a filter is on."""
        return bool(self.query) or any(value is not None for _each, value in self.bound_filters)

    @cached_property
    def sort(self) -> str:
        """Return the sort in force, such as ``-hired_on``; an unknown one counts as the default."""
        wanted = self.request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.is_sortable}
        return wanted if wanted.removeprefix("-") in known else self.default_sort

    @property
    def cookie_name(self) -> str:
        """Return the name of the cookie that remembers the columns."""
        return f"hr_cols_{slugify(self.key.replace('.', '-'))}"

    @cached_property
    def shown_columns(self) -> list[Column]:
        """Return the columns the reader sees: chosen now, chosen before, or the default ones."""
        chosen = self.request.GET.getlist("cols") or self.request.COOKIES.get(self.cookie_name, "").split(".")
        shown = [column for column in self.columns if column.key in chosen or column.is_fixed]
        is_chosen = any(column.key in chosen for column in self.columns)
        return shown if is_chosen else [column for column in self.columns if column.is_default]

    def query_without(self, *names: str, **changes: str) -> str:
        """Return this page's query string without ``names`` and empty values, with ``changes``."""
        kept = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():
            if name not in names and name not in changes and any(values):
                kept.setlist(name, [value for value in values if value])
        for name, value in changes.items():
            kept[name] = value
        return f"?{kept.urlencode()}"

    @property
    def clean_url(self) -> str:
        """Return the address of this state of the list, fit for sharing."""
        query = self.query_without("cols", "export")
        return self.request.path + (query if query != "?" else "")

    # --- Rows ---------------------------------------------------------------------------------------------

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows where each word of ``text`` is found in one of ``search_fields``."""
        for word in text.split()[:MAX_SEARCH_WORDS]:
            matches = (Q(**{f"{field}__icontains": word}) for field in self.search_fields)
            rows = rows.filter(functools.reduce(operator.or_, matches))
        return rows

    def matching_rows(self) -> QuerySet:
        """Return the rows after search, filters and sort."""
        rows = self.rows()
        if self.query:
            rows = self.search(rows, self.query)
        for each, value in self.bound_filters:
            if value is not None:
                rows = each.narrow(rows, value)
        return self.ordered(rows)

    def ordered(self, rows: QuerySet) -> QuerySet:
        """Return the rows in the order of ``sort``; the primary key decides ties, so pages never overlap."""
        key = self.sort.removeprefix("-")
        column = next((each for each in self.columns if each.key == key and each.is_sortable), None)
        if column is None:
            return rows if rows.query.order_by else rows.order_by("pk")
        is_descending = self.sort.startswith("-")
        tie = "-pk" if is_descending else "pk"  # one direction, which an index can be read in
        return rows.order_by(*column.ordering(rows.model, is_descending=is_descending), tie)

    @cached_property
    def page(self) -> Page:
        """Return the page asked for; a number out of range gives the nearest page."""
        rows = self.matching_rows()
        pages = (
            CappedPaginator(rows, self.page_size, self.count_limit)
            if self.count_limit
            else Paginator(rows, self.page_size)
        )
        return pages.get_page(self.request.GET.get("page", 1))

    def drawn_rows(self) -> list[Row]:
        """Return the rows of the page, ready to be drawn."""
        return [
            Row([(column, column.cell(row)) for column in self.shown_columns], self.row_actions(row), row)
            for row in self.page.object_list
        ]

    def heads(self) -> list[Head]:
        """Return the heads of the shown columns; a click on the sorted one turns it round."""
        return [self._head(column) for column in self.shown_columns]

    def _head(self, column: Column) -> Head:
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        turned = f"-{column.key}" if direction == "ascending" else column.key
        query = self.query_without("page", "cols", "export", sort=turned) if column.is_sortable else ""
        return Head(column, query, direction)

    # --- Answers ------------------------------------------------------------------------------------------

    @property
    def is_partial(self) -> bool:
        """Tell whether htmx asks for the list part only."""
        headers = self.request.headers
        return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"

    def context(self) -> dict[str, object]:
        """Return the template context. The rows are read here, so failures are answered by a state."""
        state = self._state()
        return {
            "list": self,
            "state": state,
            "heads": self.heads() if state["name"] == "rows" else (),
            "element_id": f"list-{slugify(self.key.replace('.', '-')) or 'rows'}",
            "active_filters": self._active_filters(),
            "export_xlsx": self.query_without("page", "cols", export="xlsx"),
            "export_csv": self.query_without("page", "cols", export="csv"),
            **self.extra_context(),
        }

    def _active_filters(self) -> list[tuple[str, str, str]]:
        """Return label, value and the query that takes it off, of each filter in force but segmented ones."""
        return [
            (str(each.label), each.shown(value), self.query_without(each.name, "page", "cols", "export"))
            for each, value in self.bound_filters
            if value is not None and each.widget != "segments"
        ]

    def _state(self) -> dict[str, object]:
        try:
            rows = self.drawn_rows()
            total = self.page.paginator.count
        except PermissionDenied as error:
            permission = getattr(getattr(error, "permission", None), "label", "")
            return {"name": "no_permission", "permission": permission, "status": 403}
        except DatabaseError:
            number = secrets.token_hex(4).upper()
            logger.exception("list %s failed (%s)", self.key, number)
            return {"name": "error", "number": number, "status": 500}
        if rows:
            return {"name": "rows", "rows": rows, "status": 200, "total": self.total_text(total)}
        return {"name": "empty_filtered" if self.is_filtered else "empty", "status": 200}

    def total_text(self, count: int) -> str:
        """Return the total as the pager shows it."""
        more = "+" if getattr(self.page.paginator, "has_more", False) else ""
        return str(self.total_label).format(count=f"{count:,}{more}")

    def response(self) -> HttpResponseBase:
        """Answer the request: page, list part or file."""
        if self.can_export and self.request.GET.get("export") in FORMATS:
            return self.export(self.request.GET["export"])
        chosen = self.request.GET.getlist("cols")
        if chosen and not self.is_partial:
            return self._remember(HttpResponseRedirect(self.clean_url))
        context = self.context()
        template = PARTIAL if self.is_partial else self.template_name
        response = render(self.request, template, context, status=context["state"]["status"])
        patch_vary_headers(response, ["HX-Request"])
        if self.is_partial:
            response.headers["HX-Push-Url"] = self.clean_url
        return self._remember(response) if chosen else response

    def _remember(self, response: HttpResponse) -> HttpResponse:
        """Keep the chosen columns; just the default ones are forgotten, so that new ones appear."""
        if all((column in self.shown_columns) == column.is_default for column in self.columns):
            response.delete_cookie(self.cookie_name, samesite="Lax")
            return response
        keys = ".".join(column.key for column in self.shown_columns)
        secure = self.request.is_secure()
        response.set_cookie(
            self.cookie_name, keys, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=secure
        )
        return response

    def export(self, file_format: str) -> HttpResponseBase:
        """Return a file of all matching rows with the shown columns."""
        rows = list(self.matching_rows())
        self.on_export(file_format, len(rows))
        columns = self.shown_columns
        lines = ([column.exported(row) for column in columns] for row in rows)
        name = f"{self.title} {localdate():%Y-%m-%d}"
        return FORMATS[file_format](name, [str(column.label) for column in columns], lines)
