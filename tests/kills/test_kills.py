"""Whatever was acknowledged before ``kill -9`` is there afterwards; ``PETI_KILLS`` sets how many times it is tried."""

import os
from pathlib import Path

from tests.kills.life import campaign

KILLS = int(os.environ.get("PETI_KILLS", "24"))


def test_nothing_acknowledged_is_lost_whenever_the_program_is_killed(tmp_path: Path) -> None:
    doing, wrong = campaign(tmp_path, KILLS, seed=3)

    assert wrong == []
    assert len(doing) >= min(3, KILLS)
