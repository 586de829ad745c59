"""``python -m bench NAME`` runs one measurement; without a name it lists them."""

import importlib
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the named measurement, or say which there are; 2 when there is none of that name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    if len(arguments) != 1 or arguments[0] not in names:
        print("python -m bench", "|".join(names))
        return 2
    importlib.import_module(f"bench.{arguments[0]}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
