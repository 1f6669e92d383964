"""Documents are found by their last day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_kinds_of_papers_and_tests_are_data"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["valid_until", "id"], name="cases_document_running_out"),
        ),
    ]
