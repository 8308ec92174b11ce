"""Finding, merging and checking messages."""

from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from zhiheng.webkit import catalogue
from zhiheng.webkit.catalogue import App
from zhiheng.webkit.template_messages import messages_in_template


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "保存" %}', [(None, "保存", None)]),
        ("{% trans '保存' as label %}", [(None, "保存", None)]),
        ('{% translate "五月" context "月份" %}', [("月份", "五月", None)]),
        ('<a title="{% translate "甲" %}">{{ _("乙") }}</a>', [(None, "甲", None), (None, "乙", None)]),
        ('{% if x == _("丙") %}{% endif %}', [(None, "丙", None)]),
        ("{% blocktranslate %}共 {{ n }} 人{% endblocktranslate %}", [(None, "共 %(n)s 人", None)]),
        ("{% blocktranslate trimmed %}\n  一\n  二\n{% endblocktranslate %}", [(None, "一 二", None)]),
        (
            "{% blocktranslate count n=n %}{{ n }} 条{% plural %}{{ n }} 条们{% endblocktranslate %}",
            [(None, "%(n)s 条", "%(n)s 条们")],
        ),
        ('{% blocktranslate context "钱" asvar x %}元{% endblocktranslate %}', [("钱", "元", None)]),
        ("没有{{ name }}{# 注释 #}{% if a %}{% endif %}", []),
    ],
)
def test_messages_of_templates(source, found):
    assert list(messages_in_template(source)) == found


@pytest.fixture
def app(tmp_path: Path) -> App:
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text('_("甲")\nngettext("{n} 个", "{n} 个们", n)\npgettext("ctx", "乙")\n')
    (folder / "templates" / "a.html").write_text('{% translate "甲" %}{% translate "丙 {x}" %}')
    return App("shop", (folder,), tmp_path)


def finish(app: App, **texts: str) -> None:
    merged = catalogue.merged(app, {})
    for entry in merged:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "{n} piece", 1: "{n} pieces"}
        else:
            entry.msgstr = texts.get(entry.msgid, {"甲": "A", "乙": "B", "丙 {x}": "C {x}"}[entry.msgid])
    catalogue.save(app, merged)


def test_update_finds_everything_once(app):
    merged = catalogue.merged(app, {})
    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in merged] == [
        (None, "{n} 个", "{n} 个们"),
        (None, "丙 {x}", ""),
        ("ctx", "乙", ""),
        (None, "甲", ""),
    ]
    assert merged.find("甲").occurrences == [("shop/templates/a.html", ""), ("shop/views.py", "")]


def test_update_keeps_what_is_translated_and_takes_from_others(app):
    finish(app)
    (app.folders[0] / "views.py").write_text('_("甲")\n_("丁")\n')
    other = polib.POEntry(msgid="丁", msgstr="D")
    merged = catalogue.merged(app, {(None, "丁"): other})
    assert {entry.msgid: entry.msgstr for entry in merged} == {"丁": "D", "丙 {x}": "C {x}", "甲": "A"}


def test_a_finished_catalogue_has_no_faults_and_compiles(app):
    finish(app)
    assert catalogue.faults(app) == []
    assert catalogue.compile_catalogue(app) is True
    assert polib.mofile(str(app.po_path.with_suffix(".mo"))).find("甲").msgstr == "A"


def test_nothing_to_compile_without_a_catalogue(app):
    assert catalogue.compile_catalogue(app) is False


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"甲": ""}, "no English"),
        ({"丙 {x}": "C"}, "placeholders differ"),
        ({"丙 {x}": "C {y} {x}"}, "placeholders differ"),
        ({"甲": "100%"}, "holds %"),
    ],
)
def test_faults(app, texts, fault):
    finish(app, **texts)
    (found,) = catalogue.faults(app)
    assert fault in found


def test_fuzzy_is_a_fault(app):
    finish(app)
    entries = catalogue.read(app)
    entries.find("甲").flags.append("fuzzy")
    catalogue.save(app, entries)
    (found,) = catalogue.faults(app)
    assert "fuzzy" in found


def test_left_over_messages_are_a_fault(app):
    finish(app)
    (app.folders[0] / "templates" / "a.html").write_text("")
    (found,) = catalogue.faults(app)
    assert "no longer used" in found


def test_a_bare_percent_sign_is_a_fault(app):
    finish(app)
    (app.folders[0] / "views.py").write_text(
        '_("甲")\n_("占 5%")\nngettext("{n} 个", "{n} 个们", n)\npgettext("ctx", "乙")\n'
    )
    assert any("must not hold %" in fault for fault in catalogue.faults(app))


def test_the_command_knows_its_apps():
    with pytest.raises(CommandError, match="no such app: nowhere"):
        call_command("i18n", "check", "nowhere")


@pytest.mark.parametrize("label", ["webkit", "web"])
def test_our_own_english_is_complete(label, capsys):
    call_command("i18n", "check", label)
    assert "complete" in capsys.readouterr().out
