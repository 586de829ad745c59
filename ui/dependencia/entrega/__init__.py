"""The four steps of a delivery."""
