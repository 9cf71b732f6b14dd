"""Whether it is right: cases, metrics, runs and reports."""
