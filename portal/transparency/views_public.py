"""`/` and `/transparansi`: what anyone sees of how the city serves."""

from flask import Blueprint, abort, current_app, render_template

from portal.directory import queries as directory
from portal.directory.queries import UnitEntry
from portal.language.sentiment import model_version
from portal.ratings import queries as ratings
from portal.ratings.forms import SCORE_NAMES
from portal.ratings.queries import RunningCounts
from portal.transparency import panels

blueprint = Blueprint("transparency", __name__)


@blueprint.get("/")
def home() -> str:
    """The front page: the code field, the receipt, and the city's figure."""
    counts = ratings.running_total(ratings.hidden_from())
    city = panels.panel(counts, {0}, _min_shown())
    return render_template("transparency/public/home.html", city=city, period=counts.period)


@blueprint.get("/transparansi")
def city() -> str:
    """The whole city, and every unit."""
    counts = ratings.running_counts(ratings.hidden_from())
    units, services = directory.units(), directory.services()
    whole = panels.panel(counts, {service.id for service in services}, _min_shown())
    lines = panels.unit_lines(counts, units, services, _min_shown())
    return _page("city", counts, panel=whole, lines=lines)


@blueprint.get("/transparansi/<unit_slug>")
def unit(unit_slug: str) -> str:
    """One unit, and each of its services."""
    entry = _unit(unit_slug)
    services = directory.services(entry.id)
    ids = {service.id for service in services}
    counts = ratings.running_counts(ratings.hidden_from(), ids)
    lines = panels.service_lines(counts, services, _min_shown())
    whole = panels.panel(counts, ids, _min_shown())
    return _page("unit", counts, panel=whole, lines=lines, unit=entry)


@blueprint.get("/transparansi/<unit_slug>/<service_slug>")
def service(unit_slug: str, service_slug: str) -> str:
    """One service of a unit."""
    entry = _unit(unit_slug)
    found = next((s for s in directory.services(entry.id) if s.slug == service_slug), None)
    if found is None:
        abort(404)
    counts = ratings.running_counts(ratings.hidden_from(), {found.id})
    whole = panels.panel(counts, {found.id}, _min_shown())
    return _page("service", counts, panel=whole, unit=entry, service=found)


def _unit(slug: str) -> UnitEntry:
    return directory.unit_by_slug(slug) or abort(404)


def _page(name: str, counts: RunningCounts, **shown: object) -> str:
    return render_template(
        f"transparency/public/{name}.html",
        period=counts.period,
        scores=SCORE_NAMES,
        model=model_version(),
        **shown,
    )


def _min_shown() -> int:
    return int(current_app.config["MIN_SHOWN"])
