"""Django forms in our style."""

import pytest
from django import forms


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    unit = forms.ChoiceField(label="部门", choices=[("a", "甲")])
    kinds = forms.MultipleChoiceField(
        label="种类", choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    word = forms.CharField(label="密码", required=False, widget=forms.PasswordInput)
    is_on = forms.BooleanField(label="启用", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(label="文件", required=False)

    def clean(self):
        raise forms.ValidationError("整体有误 <b>")


@pytest.mark.parametrize(
    "part",
    [
        'class="hr-input"',
        'class="hr-select"',
        'class="hr-textarea"',
        'class="hr-check"',
        '<legend class="hr-label">种类',
        'data-controller="password"',
        'id="id_name_helptext">与证件一致',
        'type="hidden" name="secret"',
    ],
)
def test_controls(part):
    assert part in str(Sample())


def test_errors_are_tied_to_their_control():
    drawn = str(Sample({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-describedby="id_kinds_error"' in drawn
    assert "整体有误 &lt;b&gt;" in drawn


def test_a_class_of_the_widget_is_kept():
    class Own(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"class": "wide"}))

    assert 'class="hr-input wide"' in str(Own())
