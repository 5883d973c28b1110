"""Configuration: a TOML file with overrides from the environment, for any model of settings.

Every mistake is told at once, each with its file (or variable) and key path; an unknown key is a mistake. Must not
hold any settings of its own: each daemon has its model in its own folder.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from edge.errors import UserError
from edge.text.mistakes import KeyPath, key_path, mistakes
from edge.text.toml_file import read_toml

ConfigT = TypeVar("ConfigT", bound="Config")


class Config(BaseSettings):
    """A daemon's configuration. A subclass adds its ``env_prefix``, such as ``ROUNDSMAN_HQ__``, and its keys.

    ``ROUNDSMAN_HQ__WEB__PORT=8701`` is ``port`` of the table ``[web]`` and wins over the file.
    """

    model_config = SettingsConfigDict(env_nested_delimiter="__", extra="forbid", frozen=True)  # as `WRITTEN`

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file; no other source."""
        return env_settings, init_settings


def load(model: type[ConfigT], path: Path) -> ConfigT:
    """The configuration of a file and the environment. Raises UserError with every mistake, one a line."""
    document = read_toml(path, "give the path of a configuration file in TOML")
    problems = [f"{name}: unknown key; check the spelling or remove the variable" for name in _unknown(model)]
    try:
        config = model(**document)
    except SettingsError as error:
        problems += list(_unreadable(model)) or [f"{path} and the environment: {error}"]
    except ValidationError as error:
        problems += [_explained(model, path, keys, what) for keys, what in mistakes(error)]
    if problems:
        raise UserError("\n".join(problems))
    return config


def show(config: BaseModel) -> str:
    """The configuration as TOML with dotted keys, one a line; secrets are masked."""
    lines = []
    for key, value in _leaves(config.model_dump(mode="json")):
        lines.append(f"# {key} is not set" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines)


def _prefix(model: type[Config]) -> str:
    return str(model.model_config.get("env_prefix", "")).upper()


def _unknown(model: type[Config]) -> Iterator[str]:
    """Variables with the model's prefix whose first key it does not have."""
    prefix = _prefix(model)
    for name in sorted(os.environ):
        key = name.upper().removeprefix(prefix).partition("__")[0].lower()
        if name.upper().startswith(prefix) and key not in model.model_fields:
            yield name


def _unreadable(model: type[Config]) -> Iterator[str]:
    """Variables of a list or a table whose text is no JSON; pydantic-settings' own error does not name them."""
    prefix = _prefix(model)
    for name in sorted(os.environ):
        keys = name.upper().removeprefix(prefix).lower().split("__")
        if name.upper().startswith(prefix) and _holds_several(model, keys) and not _is_json(os.environ[name]):
            yield f'{name}: write a list or table here as JSON, such as ["a", "b"]; correct or remove the variable'


def _holds_several(model: type[BaseModel], keys: Sequence[str]) -> bool:
    """Whether a key path leads to a list or a table."""
    field = model.model_fields.get(keys[0])
    inner = field.annotation if field else None
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return len(keys) == 1 or _holds_several(inner, keys[1:])
    return get_origin(inner) is tuple


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _explained(model: type[Config], path: Path, loc: KeyPath, what: str) -> str:
    keys = [str(part) for part in loc]
    variable = _prefix(model) + "__".join(keys).upper()
    set_here = [name for name in os.environ if f"{name.upper()}__".startswith(f"{variable}__")]
    return f"{set_here[0] if set_here else path}: {key_path(loc)}: {what}"


def _leaves(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
