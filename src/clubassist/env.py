"""Every value that differs between installations, read from the process environment and from nowhere else."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from clubassist.core import embedded

SHORTEST_SECRET = 32
FEWEST_MONTHS = 6
PREPARED: Final = {"server_side_binding": True, "prepare_threshold": 5}
SECRETS = ("DATABASE_URL", "CLUBASSIST_SECRET_KEY")


class Env(BaseSettings):
    """The environment of this process. A secret may also be given as the path of a file, in `<NAME>_FILE`."""

    model_config = SettingsConfigDict(populate_by_name=True, frozen=True, extra="ignore")

    database_url: str = Field("", validation_alias="DATABASE_URL", repr=False)
    """A `postgresql://` URL of any server from 15 on; empty: the embedded server in the data folder."""

    prepared: bool = Field(True, validation_alias="CLUBASSIST_PREPARED")
    """Let PostgreSQL keep the plans of statements that come again; off behind a pooler that mixes sessions up
    (PgBouncer's transaction mode without `max_prepared_statements`)."""

    data_dir: Path = Field(Path("var"), validation_alias="CLUBASSIST_DATA")
    """The folder of everything that is kept outside the database; made when missing."""

    production: bool = Field(False, validation_alias="CLUBASSIST_PRODUCTION")
    """Real people's data: every boot check refuses instead of warning, cookies need TLS."""

    secret: str = Field("", validation_alias="CLUBASSIST_SECRET_KEY", repr=False)
    """What sessions and signed links are signed with; empty: generated once, kept in `secret.key`."""

    kek: Path | None = Field(None, validation_alias="CLUBASSIST_KEK_FILE")
    """The vault's wrapping keys; unset: `kek.json` in the data folder, generated outside production."""

    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        ["localhost", "127.0.0.1", "[::1]"], validation_alias="CLUBASSIST_ALLOWED_HOSTS"
    )
    """The host names pages answer to, separated by commas."""

    base_url: str = Field("http://localhost:8000", validation_alias="CLUBASSIST_BASE_URL")
    """Where people reach the product; links in messages begin with it. No slash at the end."""

    debug: bool = Field(False, validation_alias="CLUBASSIST_DEBUG")
    """Error pages with details; refused in production."""

    demo: bool = Field(False, validation_alias="CLUBASSIST_DEMO")
    """The demo's invented people: nobody needs a second factor to sign in; refused in production."""

    time_zone: str = Field("Asia/Shanghai", validation_alias="CLUBASSIST_TIME_ZONE")
    """The zone of a club that names none, by its IANA name."""

    access_months: int = Field(36, validation_alias="CLUBASSIST_ACCESS_MONTHS")
    """How many months after its own a month of the access log is kept: at least 6 (Cybersecurity Law); 36 keeps
    who looked at sensitive data for the three years that records of processing are kept (PIPL 56)."""

    sms: Literal["print", "none"] = Field("print", validation_alias="CLUBASSIST_SMS")
    """How text messages leave: `print` writes them to the log, which production refuses; `none` sends none, so that
    members follow their matters by number and code instead of signing in."""

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in SECRETS:
            if file := os.environ.get(f"{name}_FILE"):
                values.setdefault(name, _read(f"{name}_FILE", Path(file)))
        return values

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: str | list[str]) -> list[str]:
        return (
            [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value
        )

    @field_validator("data_dir", "kek")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.resolve() if value else None

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"没有这个时区。 There is no such time zone: {value}") from error

    @field_validator("access_months")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if value < FEWEST_MONTHS:
            raise ValueError(
                f"访问日志至少保存 {FEWEST_MONTHS} 个月。 The access log is kept for at least {FEWEST_MONTHS} months."
            )
        return value

    @model_validator(mode="after")
    def _fit_for_production(self) -> Env:
        if self.production and self.debug:
            raise ValueError(
                "生产环境不能打开 CLUBASSIST_DEBUG。 CLUBASSIST_DEBUG must not be on in production."
            )
        if self.production and self.demo:
            raise ValueError(
                "生产环境不能打开 CLUBASSIST_DEMO。 CLUBASSIST_DEMO must not be on in production."
            )
        if self.production and len(self.secret) < SHORTEST_SECRET:
            raise ValueError(
                f"生产环境必须设置至少 {SHORTEST_SECRET} 个字符的 CLUBASSIST_SECRET_KEY。 "
                f"Production needs a CLUBASSIST_SECRET_KEY of at least {SHORTEST_SECRET} characters."
            )
        if self.production and not self.base_url.startswith("https://"):
            raise ValueError(
                "生产环境的 CLUBASSIST_BASE_URL 必须以 https:// 开头。 "
                "In production CLUBASSIST_BASE_URL begins with https://: links in messages lead there."
            )
        if self.production and self.sms == "print":
            raise ValueError(
                "生产环境不能把登录验证码写进日志：请设 CLUBASSIST_SMS=none。 "
                "Production must not print sign-in codes: set CLUBASSIST_SMS=none."
            )
        return self

    @property
    def kek_file(self) -> Path:
        """Where the vault's wrapping keys are; the vault writes the file."""
        return self.kek or self.data_dir / "kek.json"

    def secret_key(self) -> str:
        """Return the signing key, generated into the data folder (mode 0600) when none is given."""
        return self.secret or embedded.kept_secret(self.data_dir / "secret.key")

    def database(self) -> dict[str, Any]:
        """Return Django's `DATABASES` entry: of DATABASE_URL, else of the embedded server, started or not."""
        if self.database_url:
            words = {key: str(value) for key, value in conninfo_to_dict(self.database_url).items()}
        else:
            words = embedded.connection_settings(self.data_dir).words()
        return {
            "ENGINE": "clubassist.core.postgresql",
            "NAME": words.pop("dbname", ""),
            "USER": words.pop("user", ""),
            "PASSWORD": words.pop("password", ""),
            "HOST": words.pop("host", ""),
            "PORT": words.pop("port", ""),
            "CONN_MAX_AGE": 60,
            # After the server was away the next request gets a new connection instead of an error.
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": words | (PREPARED if self.prepared else {}),
        }


def _read(name: str, file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}: 读不到这个文件。 This file cannot be read: {file}") from error


@cache
def env() -> Env:
    """Return the environment, read once per process. Raises ValidationError naming every wrong value."""
    return Env()
