"""What each published number means: pure computations, on the standard library alone."""
