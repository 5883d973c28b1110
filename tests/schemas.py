"""JSON Schema's validators, loaded by the test that asks: as jsonschema is imported it reads grammars for seconds."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def validator(schema: dict[str, Any], draft: str) -> "Validator":
    """Of a schema that is itself valid by its draft (``Draft7``); formats are checked, too."""
    import jsonschema  # noqa: PLC0415 - see above

    kind: type[Validator] = getattr(jsonschema, f"{draft}Validator")
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())
