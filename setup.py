"""Puts the checkout into an environment and refuses to build anything that would leave it."""

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.sdist import sdist

REFUSAL = (
    "Ampera runs from its checkout: its templates, migrations and data stand beside the package, "
    "so a wheel would not work. Use `make run`, or `pip install -e .` inside the checkout."
)


class RefusedWheel(bdist_wheel):
    """Stands in the way of `pip wheel .`; an editable install never calls `run`."""

    def run(self) -> None:
        """Refuse with the sentence that says what to do instead."""
        raise SystemExit(REFUSAL)


class RefusedSource(sdist):
    """Stands in the way of a source archive."""

    def run(self) -> None:
        """Refuse with the sentence that says what to do instead."""
        raise SystemExit(REFUSAL)


setup(cmdclass={"bdist_wheel": RefusedWheel, "sdist": RefusedSource})
