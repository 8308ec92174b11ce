"""Whatever stands in a cell or a file, it is converted or refused; nothing else is raised."""

from hypothesis import given
from hypothesis import strategies as st
from tests.dataimport.targets import SEX

from zhiheng.dataimport.calc.convert import column_type, parse_cell
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.sheet import NUMBER, TEXT
from zhiheng.dataimport.calc.target import Field
from zhiheng.dataimport.calc.workbook import read_sheet

KINDS = "text name integer decimal date datetime boolean choice id_card phone email lookup".split()  # noqa: SIM905
PIECES = st.sampled_from(list("0123456789-/.:年月日时分 ,¥%万亿十一二〇（()）xXeE+@<>\u200b\u3000上下午apm"))
TEXTS = st.text(max_size=30) | st.lists(PIECES, max_size=20).map("".join)


@given(st.sampled_from(KINDS), TEXTS.filter(str.strip), st.sampled_from([TEXT, NUMBER]))
def test_any_cell(kind, text, cell_kind):
    field = Field("f", "f", kind, choices=SEX)
    parsed = parse_cell(text, cell_kind, field)
    assert parsed.value is not None or parsed.notes or kind in ("text", "lookup")
    if parsed.value is not None:
        import polars as pl

        pl.Series([parsed.value], dtype=column_type(field))


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_file(content):
    try:
        sheet = read_sheet(content)[1]
    except FileRefused:
        return
    assert sheet.width > 0
