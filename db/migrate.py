"""Running the migrations, without an ini file and on the caller's connection."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from resources import packaged_folder


def upgrade(connection: Connection, version: str = "head") -> None:
    """Bring the store behind ``connection`` to a migration, the newest, inside the caller's transaction."""
    command.upgrade(config(connection), version)


def config(connection: Connection | None = None) -> Config:
    """Where the migration scripts are and on which connection they run."""
    made = Config()
    made.set_main_option("script_location", str(packaged_folder("db", "migrations")))
    made.attributes["connection"] = connection
    return made
