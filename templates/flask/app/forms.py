"""The form that the forms of the site are made from."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import MultipleFileField


class Form(FlaskForm):
    """A form in which a file is no text: one that is sent as a field of another kind is left out."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            found = super().wrap_formdata(form, formdata)
            if not isinstance(found, CombinedMultiDict):
                return found
            names = {one.name for one in form if isinstance(one, FileField | MultipleFileField)}
            files, texts = found.dicts
            kept = MultiDict(item for item in files.items(multi=True) if item[0] in names)
            return CombinedMultiDict([kept, texts])
