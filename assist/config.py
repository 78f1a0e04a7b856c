"""Settings, from the environment (`ASSIST_…`) or an `.env` file. One object, made once per process."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting with its unit. `assist doctor` prints the values in force."""

    model_config = SettingsConfigDict(
        env_prefix="ASSIST_", env_file=".env", extra="ignore", use_attribute_docstrings=True
    )

    data: Path = Path("data")
    """Folder of the database, the recordings and the work queue."""

    speech_model: str = "base"
    """base, small, medium, large-v3, a Hugging Face name, or a folder with a CTranslate2 model."""

    encoder_model: str = "packaged"
    """packaged, or a Hugging Face name or folder of a sentence encoder."""

    device: str = "auto"
    """auto, cpu or cuda."""

    threads: int = Field(default=0, ge=0)
    """Threads for recognition; 0 takes the cores there are."""

    jobs_url: str | None = None
    """Database of the work queue, e.g. postgresql://…; without it a file in the data folder."""

    max_upload_bytes: int = Field(default=200 * 1024 * 1024, gt=0)
    """Largest recording accepted, in bytes."""

    max_seconds: float = Field(default=4 * 3600, gt=0)
    """Longest recording accepted, in seconds of decoded sound."""

    log_format: Literal["auto", "text", "json"] = "auto"
    """Form of the log: json, text, or by itself text at a terminal and json elsewhere."""

    host: str = "127.0.0.1"
    """Address the web app listens on; 0.0.0.0 lets the whole network in."""

    port: int = Field(default=8300, gt=0, lt=65536)
    """Port of the web app."""

    web_processes: int = Field(default=0, ge=0)
    """Processes that answer requests; 0 takes two where there are two cores, else one."""

    language: str = "zh-CN"
    """Language of the interface where nobody chose one: zh-CN or en."""

    filename_pattern: str = (
        r"(?P<date>\d{8})[-_ ]?(?P<time>\d{4,6})?[-_ ](?P<agent>[^-_ ]+)(?:[-_ ](?P<customer>[^-_ .]+))?"
    )
    """How a recording's file name tells its call: named groups date, time, agent, customer, campaign."""

    jobs_at_once: int = Field(default=1, gt=0)
    """Recordings a worker works on at the same time. One uses all threads already."""

    node: str = ""
    """Name of this machine where several share one work queue; part of its workers' names."""

    objects: str | None = None
    """Where recordings, words and transcripts meet workers on other machines: a folder (file:///…), S3-compatible
    storage (s3://bucket/prefix) or what else fsspec opens. Without it everything is done beside the store."""

    jobs_poll_seconds: float = Field(default=0.2, gt=0)
    """A worker asks the work queue for more every so many seconds."""

    silent_seconds: float = Field(default=30, gt=0)
    """A worker that gives no sign of life for so many seconds is taken for dead: others take over its work."""

    most_waiting: int = Field(default=50_000, gt=0)
    """So many recordings may wait to be worked on; further ones are asked to come later."""

    timezone: str = "Asia/Shanghai"
    """Zone of times without one: in file names, manifests and forms."""

    session_idle_hours: float = Field(default=12, gt=0)
    """A session nobody uses ends after so many hours."""

    session_days: float = Field(default=14, gt=0)
    """Every session ends after so many days."""

    claim_minutes: float = Field(default=120, gt=0)
    """A claim on a queue item lapses after so many minutes."""

    backup_days: int = Field(default=90, gt=0)
    """Backups are dropped after so many days at the latest, by whoever keeps them: certificates of deletion say so."""

    dispute_days: float = Field(default=30, gt=0)
    """An agent may dispute a finding for so many days after the call was judged or released."""

    public_url: str = ""
    """Address people open Assist at, e.g. https://assist.example.com; without it what their browser says."""

    trusted_proxies: str = ""
    """Addresses of reverse proxies, with commas, whose X-Forwarded-For and X-Forwarded-Proto are believed."""

    secret_key: SecretStr | None = None
    """Key that seals secrets in the database, 32 characters or more; without it secret.key in the data folder."""

    password_rounds: int = Field(default=2, ge=2)
    """Rounds of argon2id. A hash made with fewer is made anew when its owner signs in."""

    password_memory_kib: int = Field(default=19 * 1024, ge=19 * 1024)
    """Memory of argon2id, in KiB for each hash."""

    password_words: str = ""
    """Names of the company and its products, with commas: no password may be little more than one of them."""

    first_password_days: float = Field(default=7, gt=0)
    """A first password that nobody used ends after so many days."""

    confirm_minutes: float = Field(default=15, gt=0)
    """The password is asked for again before dangerous steps when it was last given so many minutes ago."""

    oidc_issuer: str = ""
    """Address of the company's own sign-in (OpenID Connect), e.g. https://login.example.com; without it none."""

    oidc_client_id: str = ""
    """What that sign-in knows Assist as."""

    oidc_client_secret: SecretStr | None = None
    """Secret that goes with it."""

    oidc_title: str = ""
    """What the button of that sign-in says, e.g. the company's name."""

    oidc_scopes: str = "openid profile email"
    """What Assist asks that sign-in for."""

    oidc_claim: str = "preferred_username"
    """Claim that holds the sign-in name of people who are here already; an email counts only when it was verified."""

    oidc_create_team: str = ""
    """Team in which people who are not here yet become agents; without it they are refused."""

    local_sign_in: bool = True
    """Whether names and passwords are accepted beside the company's own sign-in; administrators always keep theirs."""

    break_glass: str = ""
    """Sign-in names of the administrators, with commas, who keep their password; without it all of them."""

    @property
    def break_glass_logins(self) -> list[str]:
        return [login.strip() for login in self.break_glass.split(",") if login.strip()]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> Path:
        return self.data / "assist.db"

    @property
    def recordings(self) -> Path:
        return self.data / "recordings"

    @property
    def cuts(self) -> Path:
        """Where clips' sounds are kept once they were cut; can be deleted at any time."""
        return self.data / "cuts"

    @property
    def jobs_database(self) -> str:
        """SQLAlchemy address of the DBOS system database."""
        return self.jobs_url or f"sqlite:///{(self.data / 'jobs.db').resolve()}"
