"""What each published number means: pure computations over counts, on the standard library alone."""
