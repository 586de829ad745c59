"""A table of records that behaves like a sheet: ``Grid`` with its ``RecordModel``.

model = RecordModel(EQUIPO, catalogues, columns=("placa", "tipo", "marca", "estado"))
grid = GridView(model)                    # or GridPanel(model): the same with a search box and a count
model.set_records(records, problems)      # problems: {uid: [Problem, …]}
grid.edited.connect(save)                 # edited(record, field name, raw): the user changed a cell
grid.altered.connect(change)              # altered(Alteration): the user pasted, filled or emptied a block
grid.picked.connect(open_record)          # picked(record): another row became current
"""

from ui.grid.block import Alteration, told
from ui.grid.model import PROBLEMS, RECORD, SORT, ColumnFilter, RecordModel, searched
from ui.grid.panel import GridPanel
from ui.grid.view import GridView

__all__ = [
    "PROBLEMS",
    "RECORD",
    "SORT",
    "Alteration",
    "ColumnFilter",
    "GridPanel",
    "GridView",
    "RecordModel",
    "searched",
    "told",
]
