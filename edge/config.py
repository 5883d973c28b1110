"""Configuration: a TOML file with overrides from the environment, for any model of settings.

Every mistake is told at once, each with its file (or variable) and key path; an unknown key is a mistake. Must not
hold any settings of its own: each daemon has its model in its own folder.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from edge.contract.toml_file import read_toml
from edge.errors import UserError

ConfigT = TypeVar("ConfigT", bound="Config")

Section = ConfigDict(extra="forbid", frozen=True)
"""The model_config of a table within a `Config`."""


class Config(BaseSettings):
    """A daemon's configuration. A subclass adds its ``env_prefix``, such as ``ROUNDSMAN_HQ__``, and its keys.

    ``ROUNDSMAN_HQ__WEB__PORT=8701`` is ``port`` of the table ``[web]`` and wins over the file.
    """

    model_config = SettingsConfigDict(env_nested_delimiter="__", extra="forbid", frozen=True)

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
    document = read_toml(path, "give the configuration file, in TOML")
    problems = [f"{name}: names no key of this configuration; remove the variable" for name in _unknown(model)]
    try:
        config = model(**document)
    except SettingsError as error:
        problems.append(f"{path} and the environment: {error}")
    except ValidationError as error:
        problems += [_explained(model, path, one["loc"], one["msg"]) for one in error.errors()]
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


def _explained(model: type[Config], path: Path, loc: tuple[int | str, ...], message: str) -> str:
    keys = [str(part) for part in loc]
    variable = _prefix(model) + "__".join(keys).upper()
    source = variable if variable in os.environ else str(path)
    return f"{source}: {'.'.join(keys) or 'the document'}: {message}"


def _leaves(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
