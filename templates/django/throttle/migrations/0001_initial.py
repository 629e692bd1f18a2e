from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.BigIntegerField()),
                ("ends", models.BigIntegerField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "attempts",
            },
        ),
    ]
