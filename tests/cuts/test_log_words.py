"""Every entry that the program writes into the log is told in Spanish words: each action and each key of a detail.

The calls of ``binnacle.write`` are found in the source, and what they pass is followed back to the keys.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from peti_desktop import log_words
from peti_desktop.catalogues import load

WRITES = {"binnacle.write": 3, "binnacle.Entry": 2}
"""What writes an entry, or makes one to be written; and the place of its action, which the detail follows."""


@dataclass
class Written:
    """What one module writes: actions and keys; ``lost`` are expressions nobody could follow."""

    actions: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


class _Module:
    """A module whose calls are followed back, within it, to literals."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.found = Written()
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        self.constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    pairs = zip(names, values, strict=True)
                    self.constants |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
                case _:
                    pass

    def look(self) -> Written:
        for inside in self.functions.values():
            for call in _calls(inside):
                if isinstance(call.func, ast.Attribute) and (said := WRITES.get(_named(call.func))):
                    self._texts(call.args[said], inside, set())
                    self._keys(call.args[said + 1], inside, set())
        return self.found

    def _texts(self, node: ast.expr, inside: ast.FunctionDef, seen: set[int]) -> None:
        match node:
            case ast.Constant(value=str(text)):
                self.found.actions.add(text)
            case ast.IfExp():
                self._texts(node.body, inside, seen)
                self._texts(node.orelse, inside, seen)
            case ast.JoinedStr():
                first = node.values[0]
                assert isinstance(first, ast.Constant)  # an action begins with words of ours
                self.found.actions.add(str(first.value))
            case ast.Name() if id(node) not in seen:
                for value in self._values(node.id, inside):
                    self._texts(value[0], value[1], seen | {id(node)})
            case _:
                self.found.lost.add(ast.unparse(node))

    def _keys(self, node: ast.expr, inside: ast.FunctionDef, seen: set[int]) -> None:  # noqa: PLR0912 - kinds of nodes
        match node:
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if key is None:
                        self._keys(value, inside, seen)
                    elif isinstance(key, ast.Constant):
                        self.found.keys.add(str(key.value))
            case ast.BinOp():
                self._keys(node.left, inside, seen)
                self._keys(node.right, inside, seen)
            case ast.IfExp():
                self._keys(node.body, inside, seen)
                self._keys(node.orelse, inside, seen)
            case ast.Name() if id(node) not in seen:
                for said, where in self._values(node.id, inside):
                    self._keys(said, where, seen | {id(node)})
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                called = self.functions[name]
                for each in ast.walk(called):
                    if isinstance(each, ast.Return) and each.value is not None:
                        self._keys(each.value, called, seen)
            case ast.Call(func=ast.Name(id="dict"), args=[inner]):
                self._keys(inner, inside, seen)
            case ast.DictComp(key=ast.Name(id=name), generators=[generator]) if isinstance(generator.iter, ast.Tuple):
                del name
                self.found.keys |= {str(each.value) for each in generator.iter.elts if isinstance(each, ast.Constant)}
            case _:
                self.found.lost.add(ast.unparse(node))

    def _values(  # noqa: PLR0912 - one of many kinds of nodes each
        self, name: str, inside: ast.FunctionDef
    ) -> Iterator[tuple[ast.expr, ast.FunctionDef]]:
        """What a name may stand for: what is assigned to it, the module's constant, or what callers pass."""
        known = False
        for node in ast.walk(inside):
            match node:
                case ast.Assign(targets=targets):
                    for target in targets:
                        if isinstance(target, ast.Name) and target.id == name:
                            known = True
                            yield node.value, inside
                        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                            for one, value in zip(target.elts, node.value.elts, strict=True):
                                if isinstance(one, ast.Name) and one.id == name:
                                    known = True
                                    yield value, inside
                        elif isinstance(target, ast.Subscript) and _name(target.value) == name:
                            yield ast.Dict([target.slice], [node.value]), inside
                case ast.AnnAssign(target=ast.Name(id=said), value=ast.expr() as value) if said == name:
                    known = True
                    yield value, inside
                case ast.AugAssign(target=ast.Name(id=said)) if said == name:
                    yield node.value, inside
                case _:
                    pass
        arguments = [argument.arg for argument in (*inside.args.posonlyargs, *inside.args.args)]
        if name in arguments and not known:
            place = arguments.index(name)
            for other in self.functions.values():
                for call in _calls(other):
                    if _name(call.func) != inside.name and _attribute(call.func) != inside.name:
                        continue
                    passed = place - (arguments[0] == "self")
                    words = [word.value for word in call.keywords if word.arg == name]
                    known = True
                    for given in words or call.args[passed : passed + 1]:
                        yield given, other
        if not known and name in self.constants:
            known = True
            yield self.constants[name], inside
        if not known:
            self.found.lost.add(name)


def _calls(inside: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(inside) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _named(node: ast.Attribute) -> str:
    return f"{_name(node.value)}.{node.attr}"


@pytest.fixture(scope="module")
def written() -> dict[str, Written]:
    root = Path(log_words.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        text = path.read_text("utf-8")
        if any(f"{call}(" in text for call in WRITES):
            found[path.relative_to(root).as_posix()] = _Module(ast.parse(text)).look()
    return found


def test_every_entry_can_be_followed_to_its_words(written: dict[str, Written]) -> None:
    assert {name: found.lost for name, found in written.items() if found.lost} == {}
    assert len(written) > 20
    assert {"sellar corte", "cambiar de rol", "recibir", "abrir vigencia"} <= set().union(
        *(found.actions for found in written.values())
    )


def test_every_key_has_spanish_words(written: dict[str, Written]) -> None:
    lacking = {name: found.keys - log_words.LABELS.keys() for name, found in written.items()}

    assert {name: keys for name, keys in lacking.items() if keys} == {}


def test_every_action_is_a_sentence_of_words(written: dict[str, Written]) -> None:
    for found in written.values():
        for action in found.actions:
            assert "_" not in action, "a name of the program, not words"
            assert action[:1].islower(), "the page makes it the beginning of a sentence"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"vigencia": 2026, "antes": "", "despues": "800000000.5"}, "después: $ 800.000.000,5 · vigencia: 2026"),
        ({"archivo": "f" * 64, "numero": 2}, f"entrega n.º 2 · SHA-256 de lo escrito: {'f' * 64}"),
        ({"archivo": "2026_SALUD.xlsx"}, "archivo: 2026_SALUD.xlsx"),
        ({"vence": "2026-01-31"}, "vence: 31-ene-2026"),
        ({"vence": "2026-13-31"}, "vence: 2026-13-31"),
        ({"version": 3, "que": "Dividir"}, "cambio: Dividir · listas n.º 3"),
    ],
)
def test_values_are_told_as_people_read_them(detail: dict[str, object], words: str) -> None:
    assert log_words.told(detail, load()) == words
