"""Questions that every page asks: put together and turned into SQL once, asked again and again with other values.

Django works a QuerySet out anew each time: on a page of many sub-selects that costs more than asking it. A function decorated
with `question` is called as before and returns the rows. Its positional arguments form the question (each form is worked out
once and kept); its keyword arguments are values that only fill it in. That they do nothing else is not trusted but seen: each
form is worked out for two sets of values, and whatever differs between the two must be one of them
(docs/adr/questions.md).
"""

import copy
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from core.actors import Actor
from core.prepared import Statement

logger = logging.getLogger(__name__)
_numbers = count(1)

Asked = ParamSpec("Asked")
Row = TypeVar("Row")
Values = dict[str, Any]


class NotSettled(TypeError):
    """A question changes with its values otherwise than by holding them: a programming error, seen when it is first asked."""


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class AnyOf(Lookup):
    """`key__any_of=keys`: as `__in`, with all keys in one parameter, so that the SQL is the same however many there are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Whether the column is one of the array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, _plain(self.rhs))


@ArrayField.register_lookup
class AllOf(Lookup):
    """`keys__all_of=allowed`: whether every key of an array column is one of `allowed`, given in one parameter too."""

    lookup_name = "all_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Whether the column is contained in the array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} <@ %s::{self.lhs.output_field.db_type(connection)}", (*params, _plain(self.rhs))


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a question, ready to be asked: `given` are what fills the parameters of its statement, each by a value's name and,
    of a moment, how far from it.
    """

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    statement: Statement
    given: tuple[tuple[str, timedelta], ...]

    def rows(self, values: Values) -> list[Any]:
        """What the database answers for `values`."""
        compiler, query = copy.copy(self.compiler), copy.copy(self.queryset.query)
        compiler.connection = connections[self.queryset.db]
        given = [values[name] + away if away else values[name] for name, away in self.given]
        asked_so = self.statement.asked(compiler.connection, given)
        compiler.as_sql = lambda *args, **kwargs: asked_so  # type: ignore[method-assign]
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        asked = type(self.queryset)(model=self.queryset.model, query=query)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(asked, name, getattr(self.queryset, name))
        return list(asked)


def question(build: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """Work out the QuerySet of `build` once for each form, and return its rows for the values given.

    Positional arguments are the form: hashable, few. Keyword arguments are values: keys (filtered with `__any_of`), moments,
    days, numbers, words, uids, and the actor, whose sites are values while its role belongs to the form. A moment may be asked for
    as a fixed time before or after one that is given.
    """
    forms: dict[Any, _Form | None] = {}

    @wraps(build)
    def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> list[Row]:
        key = (args, tuple(_form_of(value) for value in kwargs.values()), tuple(kwargs))
        if key not in forms:
            forms[key] = _form(lambda values: build(*args, **values), kwargs)
        form = forms[key]
        return form.rows(dict(_parts(kwargs))) if form else list(build(*args, **kwargs))

    return ask


def _form(build: Callable[[Values], QuerySet[Any, Any]], values: Values) -> _Form | None:
    """As `_work_out`. In production what is not settled is told to the log and asked as a plain QuerySet: slow, and never wrong."""
    try:
        return _work_out(build, values)
    except NotSettled:
        if not settings.PRODUCTION:
            raise
        logger.exception("a question is not settled")
        return None


def _work_out(build: Callable[[Values], QuerySet[Any, Any]], values: Values) -> _Form | None:
    """The form of the question that `build` makes for values such as these; None where it never has an answer."""
    stand_ins = [
        {name: _stand_in(value, turn, at) for at, (name, value) in enumerate(values.items())} for turn in (0, 1)
    ]
    querysets = [build(each) for each in stand_ins]
    compilers = [queryset.query.get_compiler(queryset.db) for queryset in querysets]
    asked = [_as_sql(compiler) for compiler in compilers]
    if not any(asked):
        return None
    (sql, params), (other_sql, other_params) = (each or ("", ()) for each in asked)
    if sql != other_sql:
        raise NotSettled(
            "the SQL of this question changes with its values: filter with `__any_of`, or give it as a form"
        )
    places = dict(_places(params, other_params, *(dict(_parts(each)) for each in stand_ins)))
    given = tuple(dict.fromkeys(places.values()))
    at = {place: given.index(what) for place, what in places.items()}
    return _Form(querysets[0], compilers[0], Statement(f"question_{next(_numbers)}", sql, tuple(params), at), given)


def _as_sql(compiler: SQLCompiler) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL and its parameters; None where there is no answer."""
    try:
        return compiler.as_sql()
    except EmptyResultSet:
        return None


def _places(
    params: Collection[Any], others: Collection[Any], values: Values, other_values: Values
) -> Iterator[tuple[int, tuple[str, timedelta]]]:
    """Where the parameters of two askings differ, and which value stands there."""
    for at, (one, other) in enumerate(zip(params, others, strict=True)):
        if _bare(one) == _bare(other):
            continue
        found = [
            (name, away) for name, value in values.items() for away in _away(value, one, other_values[name], other)
        ]
        if not found:
            raise NotSettled(f"{one!r} is worked out from a value within this question: work it out before it is asked")
        yield at, found[0]


def _away(value: Any, one: Any, other_value: Any, other: Any) -> Iterator[timedelta]:
    """How far the parameters `one` and `other` stand from the two values: nought, or of moments the same time from both."""
    if (one, other) == (value, other_value):
        yield timedelta(0)
    elif all(isinstance(each, datetime) for each in (one, other, value)) and one - value == other - other_value:
        yield one - value


def _bare(param: Any) -> Any:
    """A parameter without the wrapping in which the driver is given JSON, which is never equal to another."""
    return getattr(param, "adapted", param)


def _parts(values: Values) -> Iterator[tuple[str, Any]]:
    """Each value as a parameter holds it; of an actor its key, its name and its sites."""
    for name, value in values.items():
        if isinstance(value, Actor):
            yield from ((f"{name}.id", value.id), (f"{name}.name", value.name), (f"{name}.sites", [*value.site_ids]))
        else:
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) or not isinstance(value, Collection) else list(value)


def _form_of(value: Any) -> Any:
    """What of a value belongs to the form: its kind, and all of an actor but who it is and where."""
    if isinstance(value, Actor):
        return replace(value, id="", name="", site_ids=frozenset()), bool(value.site_ids)
    return type(_plain(value))


def _stand_in(value: Any, turn: int, at: int) -> Any:
    """A value of the kind of `value` that stands nowhere else, another one each `turn`: in its hour, day, month and year, in
    its first digits and its last, so that no rounding makes both alike, and no two values stand as far apart in both; of keys none
    or several.
    """
    number = (1_012_345_000, 1_987_654_500)[turn] + at
    moment = (datetime(2019, 1, 29, 3, 4, 5, 6, UTC), datetime(2033, 12, 16, 21, 58, 46, 987, UTC))[turn]
    if isinstance(value, Actor):
        sites = frozenset([number, number + 500][: turn + 1] if value.site_ids else ())
        return replace(value, id=f"{number} actor", name=f"{number} name", site_ids=sites)
    kinds: dict[type, Any] = {
        bool: None,
        datetime: moment + timedelta(hours=(3, 7)[turn] * at),
        date: moment.date() + timedelta(days=at),
        int: number,
        str: f"{'az'[turn]} word {number}",
        UUID: UUID(int=number << 96 | number),
        list: [number, number + 500][: 2 * turn],
    }
    found = kinds.get(type(_plain(value)))
    if found is None:
        raise NotSettled(f"{type(value).__name__} is no value that a question is asked with: give it as a form")
    return found
