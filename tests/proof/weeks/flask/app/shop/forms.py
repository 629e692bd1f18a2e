from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, Length


class ProductForm(FlaskForm):
    category = SelectField("Category", coerce=int)
    name = StringField("Name", validators=[DataRequired(), Length(max=100)])
    price = DecimalField("Price", places=2)
    manual = FileField("Manual")
