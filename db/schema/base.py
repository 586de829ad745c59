"""What all tables share: the collection they are in, how their indexes and keys are called, columns of plain text."""

from collections.abc import Iterator

from sqlalchemy import Column, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def texts(*names: str) -> Iterator[Column[object]]:
    """A column of text for each name; nobody states a length."""
    return (Column(name, Text) for name in names)
