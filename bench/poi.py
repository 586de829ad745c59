"""Apache POI's verification of the same files in a warm JVM, where Debian's packages for it are installed.

``apt install default-jdk-headless libapache-poi-java libbcpkix-java libxml-security-java``. Debian leaves POI's schema
classes out; the few that verifying needs are compiled from ``bench/poi_schemas``.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

SCHEMAS = Path(__file__).parent / "poi_schemas"
JARS = Path("/usr/share/java")
NAMES = (
    "poi", "poi-ooxml", "poi-ooxml-schemas", "xmlbeans", "commons-collections4", "commons-compress", "commons-codec",
    "commons-logging", "xmlsec", "bcpkix", "bcprov", "bcutil", "slf4j-api", "slf4j-nop",
)  # fmt: skip
RUNS = 40


def main() -> None:
    """Say whether it can be measured here; ``python -m bench exchange`` measures it."""
    missing = _missing()
    print("Apache POI is here." if not missing else f"Not here: {', '.join(missing)}")


def warm(files: list[Path]) -> list[float] | None:
    """Best seconds per file once the JVM is warm; None where POI is not installed. Raises when it calls one bad."""
    if _missing():
        return None
    path = ":".join(str(JARS / f"{name}.jar") for name in NAMES)
    with tempfile.TemporaryDirectory() as folder:
        jar = Path(folder) / "schemas.jar"
        compiler = "org.apache.xmlbeans.impl.tool.SchemaCompiler"
        sources = [str(SCHEMAS / name) for name in ("dsig.xsd", "mdssi.xsd", "names.xsdconfig")]
        _run("java", "-cp", path, compiler, "-compiler", str(shutil.which("javac")), "-out", str(jar), *sources)
        _run("javac", "-cp", path, "-d", folder, str(SCHEMAS / "Warm.java"))
        said = _run("java", "-cp", f"{jar}:{folder}:{path}", "Warm", str(RUNS), *map(str, files))
    lines = [line.split() for line in said.splitlines()]
    if any(good != "true" for good, *_ in lines):
        raise SystemExit(f"Apache POI refuses a file: {said}")
    return [float(best) for _, _, best, _ in lines]


def _missing() -> list[str]:
    jars = [name for name in NAMES if not (JARS / f"{name}.jar").exists()]
    return jars + [name for name in ("java", "javac") if shutil.which(name) is None]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
