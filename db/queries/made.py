"""The bytes of the deliveries this store has made."""

from sqlalchemy import Connection, select

from db.schema import entrega_hecha


def content(connection: Connection, sha256: str) -> bytes | None:
    """What was kept under ``sha256``, whatever has become of it since; None when no delivery has that hash."""
    return connection.execute(select(entrega_hecha.c.contenido).where(entrega_hecha.c.sha256 == sha256)).scalar()
