"""What Windows only tells through WMI: the text of the child that asks, and what its answer says."""

import json
from typing import Any

from peti_desktop.thispc.collected import Guard
from peti_desktop.thispc.meaning import guard

# One child for both questions: starting PowerShell is what takes the time.
ASKED = """
$ErrorActionPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$av = @(Get-WmiObject -Namespace root/SecurityCenter2 -Class AntiVirusProduct | ForEach-Object {
  @{ name = $_.displayName; state = [int]$_.productState } })
$disk = @(Get-PhysicalDisk | ForEach-Object { @{ kind = [string]$_.MediaType; bus = [string]$_.BusType } })
@{ av = $av; disk = $disk } | ConvertTo-Json -Compress -Depth 4
"""


def answered(text: str) -> tuple[tuple[Guard, ...] | None, str]:
    """What the child printed. Anything else than we asked for says nothing."""
    try:
        said = json.loads(text)
    except ValueError:
        return None, ""
    if not isinstance(said, dict):
        return None, ""
    guards = tuple(
        guard(str(one["name"]), one["state"])
        for one in _listed(said.get("av"))
        if one.get("name") and isinstance(one.get("state"), int)
    )
    # Of several disks the first counts; USB sticks come last or not at all.
    inside = [one for one in _listed(said.get("disk")) if str(one.get("bus", "")) not in {"USB", "7"}]
    kinds = {"SSD": "SSD", "4": "SSD", "HDD": "disco duro", "3": "disco duro"}
    return guards or None, kinds.get(str(inside[0].get("kind")), "") if inside else ""


def _listed(found: object) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        # Windows PowerShell 5.1 may wrap a list into {"value": […], "Count": n}.
        found = found.get("value", [found])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
