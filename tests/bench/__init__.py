"""The measuring program: `python -m tests.bench` prints one table, figures against their goals."""
