"""What the office decides, returns, corrects, groups and seals; what a dependencia is told and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables and columns of the second release."""
    op.create_table(
        "archivo",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("clase", sa.Text(), nullable=False),
        sa.Column("sentido", sa.Text(), nullable=False),
        sa.Column("dependencia", sa.Text(), nullable=False),
        sa.Column("vigencia", sa.Integer(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("previo", sa.Text(), nullable=False),
        sa.Column("codigo", sa.Text(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_archivo"),
    )
    op.create_index("ix_archivo_dependencia_vigencia", "archivo", ["dependencia", "vigencia"], unique=False)
    op.create_index("ix_archivo_entrega", "archivo", ["entrega"], unique=False)
    op.create_table(
        "avance",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("dependencia", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ejemplo", sa.Boolean(), nullable=False),
        sa.Column("no_aplica", sa.Text(), nullable=False),
        sa.Column("borrado", sa.Text(), nullable=True),
        sa.Column("retirado", sa.Text(), nullable=True),
        sa.Column("creado_en", sa.String(length=30), nullable=False),
        sa.Column("creado_por", sa.Text(), nullable=False),
        sa.Column("cambiado_en", sa.String(length=30), nullable=False),
        sa.Column("cambiado_por", sa.Text(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=True),
        sa.Column("hoja", sa.Text(), nullable=True),
        sa.Column("fila", sa.Integer(), nullable=True),
        sa.Column("indicador", sa.Text(), nullable=True),
        sa.Column("iniciativa", sa.Text(), nullable=True),
        sa.Column("periodo", sa.Text(), nullable=True),
        sa.Column("evidencia", sa.Text(), nullable=True),
        sa.Column("observaciones", sa.Text(), nullable=True),
        sa.Column("vigencia", sa.Integer(), nullable=True),
        sa.Column("linea_base", sa.BigInteger(), nullable=True),
        sa.Column("meta", sa.BigInteger(), nullable=True),
        sa.Column("valor", sa.BigInteger(), nullable=True),
        sa.Column("cumplimiento_pct", sa.BigInteger(), nullable=True),
        sa.Column("fecha", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_avance"),
    )
    op.create_index("ix_avance_indicador_vigencia", "avance", ["indicador", "vigencia"], unique=False)
    op.create_table(
        "catalogo",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lista", sa.Text(), nullable=False),
        sa.Column("codigo", sa.Text(), nullable=False),
        sa.Column("datos", sa.Text(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogo"),
    )
    op.create_index("ix_catalogo_lista_codigo", "catalogo", ["lista", "codigo"], unique=False)
    op.create_table(
        "correccion",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("campo", sa.Text(), nullable=False),
        sa.Column("declarado", sa.Text(), nullable=True),
        sa.Column("corregido", sa.Text(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("por_confirmar", sa.Boolean(), nullable=False),
        sa.Column("levantada_en", sa.String(length=30), nullable=True),
        sa.Column("levantada_por", sa.Text(), nullable=True),
        sa.Column("levantada_motivo", sa.Text(), nullable=True),
        sa.Column("acto", sa.Text(), nullable=True),
        sa.Column("levantada_acto", sa.Text(), nullable=True),
        sa.Column("confirmada_acto", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_correccion"),
    )
    op.create_index("ix_correccion_registro", "correccion", ["registro"], unique=False)
    op.create_table(
        "corte",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("vigencia", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("sello", sa.Text(), nullable=False),
        sa.Column("previo", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_corte"),
        sa.UniqueConstraint("numero", name="uq_corte_numero"),
    )
    op.create_table(
        "corte_informe",
        sa.Column("corte", sa.Text(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("archivo", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("corte", "nombre", name="pk_corte_informe"),
    )
    op.create_table(
        "decision",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "tipo", "registro", name="pk_decision"),
    )
    op.create_table(
        "duda",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("dependencia", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("campo", sa.Text(), nullable=False),
        sa.Column("clase", sa.Text(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=True),
        sa.Column("asignada_a", sa.Text(), nullable=True),
        sa.Column("resolucion", sa.Text(), nullable=True),
        sa.Column("nota", sa.Text(), nullable=True),
        sa.Column("resuelta_en", sa.String(length=30), nullable=True),
        sa.Column("resuelta_por", sa.Text(), nullable=True),
        sa.Column("acto", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_duda"),
    )
    op.create_index("ix_duda_dependencia", "duda", ["dependencia"], unique=False)
    op.create_index("ix_duda_entrega", "duda", ["entrega"], unique=False)
    op.create_index("ix_duda_registro", "duda", ["registro"], unique=False)
    op.create_table(
        "grupo",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("clase", sa.Text(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("deshecho_en", sa.String(length=30), nullable=True),
        sa.Column("deshecho_por", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_grupo"),
    )
    op.create_index("ix_grupo_tipo_clase", "grupo", ["tipo", "clase"], unique=False)
    op.create_table(
        "grupo_miembro",
        sa.Column("grupo", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("grupo", "registro", name="pk_grupo_miembro"),
    )
    op.create_index("ix_grupo_miembro_registro", "grupo_miembro", ["registro"], unique=False)
    op.create_table(
        "importacion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("lote", sa.Text(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("tabla", sa.Text(), nullable=False),
        sa.Column("antes", sa.Text(), nullable=False),
        sa.Column("nacidos", sa.Text(), nullable=False),
        sa.Column("marca", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_importacion"),
    )
    op.create_index("ix_importacion_lote", "importacion", ["lote"], unique=False)
    op.create_table(
        "iniciativa",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("dependencia", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ejemplo", sa.Boolean(), nullable=False),
        sa.Column("no_aplica", sa.Text(), nullable=False),
        sa.Column("borrado", sa.Text(), nullable=True),
        sa.Column("retirado", sa.Text(), nullable=True),
        sa.Column("creado_en", sa.String(length=30), nullable=False),
        sa.Column("creado_por", sa.Text(), nullable=False),
        sa.Column("cambiado_en", sa.String(length=30), nullable=False),
        sa.Column("cambiado_por", sa.Text(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=True),
        sa.Column("hoja", sa.Text(), nullable=True),
        sa.Column("fila", sa.Integer(), nullable=True),
        sa.Column("codigo", sa.Text(), nullable=True),
        sa.Column("nombre", sa.Text(), nullable=True),
        sa.Column("descripcion", sa.Text(), nullable=True),
        sa.Column("componente", sa.Text(), nullable=True),
        sa.Column("objetivo", sa.Text(), nullable=True),
        sa.Column("programa", sa.Text(), nullable=True),
        sa.Column("estado", sa.Text(), nullable=True),
        sa.Column("responsable", sa.Text(), nullable=True),
        sa.Column("fuente", sa.Text(), nullable=True),
        sa.Column("anio_desde", sa.Integer(), nullable=True),
        sa.Column("anio_hasta", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_iniciativa"),
    )
    op.create_index("ix_iniciativa_componente", "iniciativa", ["componente"], unique=False)
    op.create_table(
        "iniciativa_registro",
        sa.Column("iniciativa", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("iniciativa", "registro", name="pk_iniciativa_registro"),
    )
    op.create_index("ix_iniciativa_registro_registro", "iniciativa_registro", ["registro"], unique=False)
    op.create_table(
        "observacion",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("entrega", sa.Text(), nullable=False),
        sa.Column("dependencia", sa.Text(), nullable=False),
        sa.Column("vigencia", sa.Integer(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("ronda", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("campo", sa.Text(), nullable=False),
        sa.Column("titular", sa.Text(), nullable=False),
        sa.Column("declarado", sa.Text(), nullable=False),
        sa.Column("frase", sa.Text(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("vence", sa.Date(), nullable=True),
        sa.Column("hecha_en", sa.String(length=30), nullable=False),
        sa.Column("hecha_por", sa.Text(), nullable=False),
        sa.Column("estado", sa.Text(), nullable=False),
        sa.Column("respuesta", sa.Text(), nullable=True),
        sa.Column("razon", sa.Text(), nullable=True),
        sa.Column("respondida_en", sa.String(length=30), nullable=True),
        sa.Column("respondida_por", sa.Text(), nullable=True),
        sa.Column("respondida_con", sa.Text(), nullable=True),
        sa.Column("cerrada_en", sa.String(length=30), nullable=True),
        sa.Column("cerrada_por", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name="pk_observacion"),
    )
    op.create_index("ix_observacion_dependencia_vigencia", "observacion", ["dependencia", "vigencia"], unique=False)
    op.create_index("ix_observacion_entrega", "observacion", ["entrega"], unique=False)
    op.create_index("ix_observacion_registro", "observacion", ["registro"], unique=False)
    op.create_table(
        "plantilla",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("valores", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_plantilla"),
        sa.UniqueConstraint("tipo", "nombre", name="uq_plantilla_tipo_nombre"),
    )
    op.create_table(
        "prioridad",
        sa.Column("registro", sa.Text(), nullable=False),
        sa.Column("puntaje", sa.Integer(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("registro", name="pk_prioridad"),
    )
    op.create_table(
        "vista",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("pagina", sa.Text(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("quien", sa.Text(), nullable=False),
        sa.Column("cuando", sa.String(length=30), nullable=False),
        sa.Column("definicion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_vista"),
        sa.UniqueConstraint("pagina", "nombre", name="uq_vista_pagina_nombre"),
    )
    op.add_column("control", sa.Column("borrado", sa.Text(), nullable=True))
    op.add_column("control", sa.Column("fuente", sa.Text(), nullable=True))
    op.create_index(
        "ix_control_dependencia_uid_retirado",
        "control",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("entrega_recibida", sa.Column("ejemplar", sa.Text(), nullable=True))
    op.add_column("entrega_recibida", sa.Column("linaje", sa.Text(), nullable=True))
    op.add_column("entrega_recibida", sa.Column("previo", sa.Text(), nullable=True))
    op.add_column("entrega_recibida", sa.Column("asignada_a", sa.Text(), nullable=True))
    op.add_column("entrega_recibida", sa.Column("ronda", sa.Integer(), nullable=True))
    op.add_column("equipo", sa.Column("borrado", sa.Text(), nullable=True))
    op.add_column("equipo", sa.Column("fuente", sa.Text(), nullable=True))
    op.create_index(
        "ix_equipo_anio_uid_retirado",
        "equipo",
        ["anio", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.create_index(
        "ix_equipo_dependencia_uid_retirado",
        "equipo",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.create_index(
        "ix_equipo_estado_uid_retirado",
        "equipo",
        ["estado", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.create_index(
        "ix_equipo_tipo_uid_retirado",
        "equipo",
        ["tipo", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("firmante", sa.Column("confirmado_por", sa.Text(), nullable=True))
    op.add_column("firmante", sa.Column("anulado_por", sa.Text(), nullable=True))
    op.add_column("firmante", sa.Column("sucede_a", sa.Text(), nullable=True))
    op.add_column("firmante", sa.Column("vence", sa.String(length=30), nullable=True))
    op.add_column("formacion", sa.Column("borrado", sa.Text(), nullable=True))
    op.create_index(
        "ix_formacion_dependencia_uid_retirado",
        "formacion",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("necesidad", sa.Column("borrado", sa.Text(), nullable=True))
    op.create_index(
        "ix_necesidad_dependencia_uid_retirado",
        "necesidad",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.create_index(
        "ix_necesidad_valor_total_uid_retirado",
        "necesidad",
        ["valor_total", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("plazo", sa.Column("primero", sa.Date(), nullable=True))
    op.add_column("plazo", sa.Column("motivo", sa.Text(), nullable=True))
    op.add_column("plazo", sa.Column("sin_novedad", sa.Text(), nullable=True))
    op.add_column("riesgo", sa.Column("borrado", sa.Text(), nullable=True))
    op.create_index(
        "ix_riesgo_dependencia_uid_retirado",
        "riesgo",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.create_index(
        "ix_riesgo_fecha_implementacion_uid_retirado",
        "riesgo",
        ["fecha_implementacion", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("sede", sa.Column("borrado", sa.Text(), nullable=True))
    op.create_index(
        "ix_sede_dependencia_uid_retirado",
        "sede",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
    op.add_column("sistema", sa.Column("borrado", sa.Text(), nullable=True))
    op.create_index(
        "ix_sistema_dependencia_uid_retirado",
        "sistema",
        ["dependencia", "uid", "retirado"],
        unique=False,
        sqlite_where=sa.text("retirado IS NULL"),
        postgresql_where=sa.text("retirado IS NULL"),
    )
