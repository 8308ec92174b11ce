"""Pages of the shell. None of these tests may use the database, which shows that the pages do not need it."""

import pytest
from django.test import Client, RequestFactory

from zhiheng.web.views.errors import csrf_failure, server_error


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_style_page_shows_every_component(client, language):
    client.cookies["django_language"] = language
    page = client.get("/ui/").content.decode()
    for part in (
        "hr-kpi",
        "hr-table",
        "hr-pager",
        "hr-steps",
        "hr-timeline",
        "hr-drop",
        "hr-skeleton",
        "hr-dialog",
    ):
        assert part in page
    assert "<c-" not in page
    assert ("共 750 人" in page) is (language == "zh-hans")


def test_pages_have_no_inline_style_or_script(client):
    page = client.get("/ui/").content.decode()
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_errors_of_a_form_answer_422(client):
    response = client.post("/ui/", {"name": ""})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_theme_without_javascript(client):
    response = client.post("/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/ui/?page=2"})
    assert response.headers["Location"] == "http://testserver/ui/?page=2"
    assert response.cookies["hr_theme"].value == "dark"


@pytest.mark.parametrize("referer", ["https://evil.example/", "javascript:alert(1)", ""])
def test_theme_never_leads_elsewhere(client, referer):
    response = client.post("/theme/", {"theme": "blue"}, headers={"Referer": referer})
    assert response.headers["Location"] == "/"
    assert "hr_theme" not in response.cookies


def test_theme_wants_post(client):
    assert client.get("/theme/").status_code == 405


def test_not_found(client):
    response = client.get("/there/is/no/such/page/")
    assert response.status_code == 404
    assert "找不到这个页面" in response.content.decode()


def test_server_error_gives_a_number_that_is_in_the_log(caplog):
    response = server_error(RequestFactory().get("/x/"))
    assert response.status_code == 500
    number = response.headers["X-Error-Number"]
    assert number in response.content.decode()
    assert f"error number {number}: GET /x/" in caplog.text


def test_a_view_that_fails_is_answered_by_our_page(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("zhiheng.web.views.style._chart", lambda: 1 / 0)
    response = client.get("/ui/")
    assert response.status_code == 500
    assert "X-Error-Number" in response.headers


def test_a_form_without_its_token_is_answered_by_our_page():
    response = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_csrf_failure():
    response = csrf_failure(RequestFactory().get("/x/"))
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_entrance_pages_wear_our_clothes(page):
    content = Client().get(page).content.decode()
    assert 'class="hr-entrance"' in content
    assert "hr-input" in content
