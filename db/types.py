"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Dialect, String
from sqlalchemy.types import TypeDecorator


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal kept as a whole number of ``10 ** -places``; SQLite has no decimals of its own."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Scale up; more decimals than the column has are rounded half even."""
        return None if value is None else int(value.scaleb(self.places).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Scale down again, exactly."""
        return None if value is None else Decimal(value).scaleb(-self.places)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO text so that it sorts and reads the same everywhere."""

    impl = String(30)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Only moments with a zone are taken."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC).isoformat(timespec="milliseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, with UTC as its zone."""
        return None if value is None else datetime.fromisoformat(value)
