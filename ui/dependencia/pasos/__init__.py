"""The four steps of a risk: identify, rate, control, treat."""
