"""The vehicle's configuration: what ``vehicle.toml`` and ``ROUNDSMAN_VEHICLE__…`` variables may say. Nothing else."""

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from pydantic_settings import SettingsConfigDict

from edge.contract.fields import UnitName
from edge.contract.keys import PublicKey
from edge.mqtt.broker import BrokerConfig, HostName
from edge.text.config import Config
from edge.text.names import AreaName
from edge.text.strictness import WRITTEN

SERIAL_DEVICE: Final = "/dev/gps"
"""A serial receiver where none is named: udev's link."""


class GpsConfig(BaseModel):
    """Where fixes come from.

    ``serial``: an NMEA receiver at ``device`` (none: /dev/gps), ``baud``; ``gpsd``: at ``host``, ``port``, its receiver
    ``device`` (none: the best of those it has); ``replay``: the NMEA log ``log``, at ``speed`` × since the instant
    ``began`` (none: now); speed 0: as fast as the machine goes.
    """

    model_config = WRITTEN
    source: Literal["serial", "gpsd", "replay"] = "gpsd"
    device: str | None = Field(None, min_length=1)
    baud: int = Field(9600, ge=1200, le=921600)
    host: HostName = "127.0.0.1"
    port: int = Field(2947, ge=1, le=65535)
    log: Path | None = None
    speed: float = Field(1.0, ge=0, allow_inf_nan=False)
    began: AwareDatetime | None = None

    @model_validator(mode="after")
    def _has_log(self) -> Self:
        if self.source == "replay" and self.log is None:
            msg = "log: set it to the NMEA log to replay"
            raise ValueError(msg)
        return self


class TouchscreenConfig(BaseModel):
    """Where the touchscreen is served, and by which names a browser may ask for it.

    ``diagonal``: its panel's, inches; by it the screen's targets and text have their size in millimetres.
    ``backlight``: the panel's folder under /sys/class/backlight; auto: the one that is there; none: leave it alone.
    ``language``: until an officer chooses another. ``basemap``: the file that ``roundsman agency basemap`` made, drawn
    under the boxes; without one the map has the lines of the bundle alone.
    """

    model_config = WRITTEN
    host: str = "127.0.0.1"
    port: int = Field(8600, ge=0, le=65535)
    diagonal: float = Field(7.0, ge=3.0, le=40.0)
    backlight: Literal["auto", "none"] | Path = "auto"
    language: Literal["en", "es"] = "en"
    basemap: Path | None = None
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")


class VehicleConfig(Config):
    """One vehicle. ``unit``: its certificate's name; ``data``: where its records are; ``record``: inputs, to replay.

    ``link``: off for a car that works alone, without a broker. ``stick``: where a USB stick is mounted; signed
    documents and bundles in its folder ``roundsman`` are used, as those in ``{data}/incoming``.

    ``agency``: the bundle as it was delivered; ``agency_key``: the public key that it must be signed with, pinned when
    the vehicle was provisioned.
    """

    model_config = SettingsConfigDict(env_prefix="ROUNDSMAN_VEHICLE__")

    unit: UnitName
    agency: Path
    agency_key: PublicKey
    district: AreaName
    data: Path
    record: Path | None = None
    stick: Path | None = None
    link: Literal["on", "off"] = "on"
    gps: GpsConfig = GpsConfig()
    broker: BrokerConfig = BrokerConfig()
    touchscreen: TouchscreenConfig = TouchscreenConfig()
