"""What a mapping asks of one column's value: conditions, the rules of crime types made of them, and columns of codes.

A column about persons (protection 1) and a value that may never be forecast (protection 2) are refused by name. Must
not open an export.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Final, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from edge.domain.policy import CRIME_TYPES
from edge.text.person_words import person_word
from edge.text.strictness import WRITTEN
from models.ingest.codes import CodeTable, denied_word, number, plain


def _no_person(column: str) -> str:
    if not column:
        msg = "is blank; fill in the column's name, as the export has it"
        raise ValueError(msg)
    if word := person_word(column):
        msg = (
            f"the column {column!r} is about people ({word!r}) and is never read; "
            "use a column that says what, when or where"
        )
        raise ValueError(msg)
    return column


def _forecast(crime_type: str) -> str:
    if crime_type not in CRIME_TYPES:
        msg = f"{crime_type!r} is not an allowed crime type; use one of {', '.join(CRIME_TYPES)}"
        raise ValueError(msg)
    return crime_type


def _text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _compared(value: str) -> str:
    if not (text := plain(value)):
        msg = "is empty; give the value as the export writes it"
        raise ValueError(msg)
    return text


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _ranges(value: object) -> object:
    """One range, ``[511, 599]``, or a list of them."""
    one = isinstance(value, list | tuple) and not any(isinstance(part, list | tuple) for part in value) and len(value)
    return [value] if one else value


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] > value[1]:
        msg = f"from {value[0]:.15g} to {value[1]:.15g} is not a range; write the lower number first"
        raise ValueError(msg)
    return value


def _literal(pattern: str) -> str:
    if not re.search(r"\w", pattern):
        msg = f"{pattern!r} would take every value; give it letters or digits besides * and ?"
        raise ValueError(msg)
    return pattern


Column: TypeAlias = Annotated[str, Field(max_length=120), AfterValidator(_no_person)]
Columns: TypeAlias = Annotated[tuple[Column, ...], BeforeValidator(_listed), Field(min_length=1, max_length=6)]
Value: TypeAlias = Annotated[str, BeforeValidator(_text), AfterValidator(_compared)]
Values: TypeAlias = Annotated[tuple[Value, ...], BeforeValidator(_listed), Field(min_length=1)]
Pattern: TypeAlias = Annotated[Value, AfterValidator(_literal)]
Patterns: TypeAlias = Annotated[tuple[Pattern, ...], BeforeValidator(_listed), Field(min_length=1)]
Range: TypeAlias = Annotated[tuple[float, float], AfterValidator(_ordered)]
Ranges: TypeAlias = Annotated[tuple[Range, ...], BeforeValidator(_ranges), Field(min_length=1)]

_TESTS: Final = "equals, in, starts, between, like and not"


class Condition(BaseModel):
    """One column's value, of which case and the spaces around do not matter.

    ``equals`` one, is ``in`` a list, ``starts`` with one (of a list), is a number ``between`` two (both included; or
    of a list of such pairs), is ``like`` a pattern (``*``: anything, ``?``: one character), or is ``not`` one (of a
    list).
    """

    model_config = WRITTEN
    column: Column
    equals: Value | None = None
    one_of: Values | None = Field(None, alias="in")
    starts: Patterns | None = None
    between: Ranges | None = None
    like: Patterns | None = None
    none_of: Values | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one(self) -> Self:
        tests = (self.equals, self.one_of, self.starts, self.between, self.like, self.none_of)
        if sum(test is not None for test in tests) != 1:
            msg = f"give exactly one of {_TESTS}"
            raise ValueError(msg)
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """The values it asks for by name; none where it asks for kinds of values, or only excludes."""
        return (self.equals,) if self.equals is not None else self.one_of or ()

    def holds(self, value: str) -> bool:
        """Whether it holds for a value `plain` in form (not for one that is missing: see `models.ingest.offences`)."""
        if self.none_of is not None:
            return value not in self.none_of
        if self.between is not None:
            found = number(value)
            return found is not None and any(low <= found <= high for low, high in self.between)
        if self.starts is not None:
            return value.startswith(self.starts) and not denied_word(value)
        if self.like is not None:
            return any(_matches(pattern, value) for pattern in self.like) and not denied_word(value)
        return value in self.wanted


Conditions: TypeAlias = Annotated[tuple[Condition, ...], Field(min_length=1)]


class TypeRule(BaseModel):
    """A crime type and the conditions, all of them, by which a row is of it. The first rule that holds is taken."""

    model_config = WRITTEN
    crime_type: Annotated[str, AfterValidator(_forecast)] = Field(alias="is")
    when: Conditions

    @model_validator(mode="after")
    def _by_name(self) -> Self:
        if all(condition.none_of for condition in self.when):
            msg = f"when: say what a {self.crime_type} row has (equals, in, starts, between or like), not only what not"
            raise ValueError(msg)
        for condition in self.when:
            for value in (*condition.wanted, *(condition.starts or ()), *(condition.like or ())):
                if denied_word(value):
                    msg = f"when: {value!r} may not be trained, as {self.crime_type} or anything else"
                    raise ValueError(msg)
        return self


class Codes(BaseModel):
    """A column of NIBRS or UCR codes, for the rows that no rule of ``crime_type`` takes."""

    model_config = WRITTEN
    column: Column
    table: CodeTable


def _apart(rules: tuple[TypeRule, ...]) -> tuple[TypeRule, ...]:
    for place, later in enumerate(rules, start=1):
        for before, earlier in enumerate(rules[: place - 1], start=1):
            if taken := _overlap(earlier, later):
                msg = (
                    f"#{place} ({later.crime_type}): {taken} belongs to #{before} ({earlier.crime_type}) already, "
                    "and the first rule counts; leave it to one of them"
                )
                raise ValueError(msg)
    return rules


TypeRules: TypeAlias = Annotated[tuple[TypeRule, ...], AfterValidator(_apart)]
"""No rule asks for what an earlier one of another type, with one condition only, takes whole; no two types' ranges of
numbers overlap."""


def _overlap(earlier: TypeRule, later: TypeRule) -> str | None:
    """What a later rule asks for in vain."""
    if len(earlier.when) > 1 or earlier.crime_type == later.crime_type:
        return None
    sole = earlier.when[0]
    alike = (condition for condition in later.when if condition.column == sole.column)
    return next((f"{taken} of {sole.column!r}" for condition in alike for taken in _taken(sole, condition)), None)


def _taken(earlier: Condition, later: Condition) -> Iterator[str]:
    """What a later condition asks for and an earlier one takes whole."""
    yield from (repr(value) for value in later.wanted if earlier.holds(value))
    for begin in later.starts or ():
        if earlier.starts and begin.startswith(earlier.starts):
            yield f"what starts with {begin!r}"
    yield from (f"what is like {pattern!r}" for pattern in later.like or () if pattern in (earlier.like or ()))
    for low, high in later.between or ():
        for lowest, highest in earlier.between or ():
            if low <= highest and lowest <= high:
                yield f"{max(low, lowest):.15g} to {min(high, highest):.15g}"


def _matches(pattern: str, value: str) -> bool:
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> "re.Pattern[str]":
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(letter, re.escape(letter)) for letter in pattern), re.DOTALL)
