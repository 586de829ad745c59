"""Peti Desktop without windows: records, rating, deliveries, intake, consolidation and reports."""

__version__ = "0.1.0"
