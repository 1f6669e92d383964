"""The roll of a shelter is called on a device, room by room, and another device can go on with it."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0019_needs_of_a_place'),
        ('shelters', '0005_places_held_under_a_number_count'),
    ]

    operations = [
        migrations.CreateModel(
            name='RollCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.CharField(max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
                ('count', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roll_call', to='shelters.count')),
                ('shelter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_calls', to='shelters.shelter')),
            ],
        ),
        migrations.CreateModel(
            name='RollCallMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.CharField(choices=[('here', 'Here'), ('out', 'Out, and it is known where'), ('missing', 'Not seen')], max_length=8)),
                ('marked_at', models.DateTimeField()),
                ('marked_by', models.CharField(max_length=80)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_call_marks', to='cases.person')),
                ('roll_call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='shelters.rollcall')),
            ],
        ),
        migrations.AddConstraint(
            model_name='rollcall',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('shelter',), name='shelters_rollcall_one_open_per_shelter'),
        ),
        migrations.AddConstraint(
            model_name='rollcall',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='shelters_rollcall_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='rollcall',
            constraint=models.CheckConstraint(condition=models.Q(('count__isnull', True), ('ended_at__isnull', False), _connector='OR'), name='shelters_rollcall_counts_when_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='rollcallmark',
            constraint=models.UniqueConstraint(fields=('roll_call', 'person'), name='shelters_rollcallmark_one_per_person'),
        ),
    ]
