"""Rating of risks, by version of the DAFP guide."""

from peti_desktop.method.rating import Level, Method, Rating, ReadOnlyMethod, Residual, Step, computes, load

__all__ = ["Level", "Method", "Rating", "ReadOnlyMethod", "Residual", "Step", "computes", "load"]
