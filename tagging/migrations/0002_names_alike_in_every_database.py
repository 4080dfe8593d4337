import logging
from itertools import count
from typing import Any

import django.db.models.functions.text
import tagging.models.code_points
from django.db import migrations, models

log = logging.getLogger(__name__)


def tell_apart(apps: Any, schema_editor: object) -> None:
    """Of people whose names differ only in case, the first keeps the name; later ones get a number behind theirs."""
    Person = apps.get_model('tagging', 'Person')
    taken: set[str] = set()
    waiting = []
    for person in Person.objects.order_by('pk'):
        if person.username.lower() in taken:
            waiting.append(person)
        taken.add(person.username.lower())
    for person in waiting:
        old = person.username
        names = (f'{old[:140]}{number}' for number in count(2))
        person.username = next(name for name in names if name.lower() not in taken)
        taken.add(person.username.lower())
        person.save(update_fields=['username'])
        log.warning('“%s” differs from the name of somebody else only in case, and signs in as “%s” now.', old, person.username)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tagging', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dataset',
            name='name',
            field=tagging.models.code_points.CodePointsField(max_length=200),
        ),
        migrations.AlterField(
            model_name='image',
            name='name_key',
            field=tagging.models.code_points.CodePointsField(help_text='The name in natural order', max_length=500),
        ),
        migrations.AlterField(
            model_name='tag',
            name='name',
            field=tagging.models.code_points.CodePointsField(max_length=200),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='person_name_unique', violation_error_message='This user name is taken.'),
        ),
    ]
