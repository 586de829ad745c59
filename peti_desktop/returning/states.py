"""The states of an observation: borrador → devuelta → respondida → cerrada."""

DRAFT, RETURNED, ANSWERED, CLOSED = "borrador", "devuelta", "respondida", "cerrada"

OPEN = (RETURNED, ANSWERED)
"""Given to the dependencia, and not closed."""

UNANSWERED = dict.fromkeys(("respuesta", "razon", "respondida_en", "respondida_por", "respondida_con"))
"""The columns of an answer before there is one."""
