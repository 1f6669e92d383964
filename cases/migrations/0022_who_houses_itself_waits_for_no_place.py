from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0021_how_people_want_to_be_told'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='household',
            name='cases_household_at_reception',
        ),
        migrations.AddField(
            model_name='household',
            name='houses_itself',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(
                condition=(
                    Q(step__in=['received', 'documented', 'isolated'])
                    | (Q(step='tested') | Q(step='placed', guest_site__isnull=True, houses_itself=False))
                ),
                fields=['site', 'step_at'],
                name='cases_household_at_reception',
            ),
        ),
    ]
