"""Measurements, each a module with ``main() -> None`` that prints a table for docs/benchmarks.md."""
