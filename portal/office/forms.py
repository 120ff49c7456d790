"""The shape of what an administrator types about people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import (
    DateField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired

from portal.access.terms import Role
from portal.directory.queries import UnitChoice
from portal.people.commands import NewGrant
from portal.people.forms import ROLE_NAMES, StaffForm, one_line

WHOLE_CITY = "kota"
_ROLES = {role.value for role in Role}
_CHOICES = [SelectChoice(role, name) for role, name in ROLE_NAMES.items()]


def _role(value: Any) -> Role | None:
    return Role(str(value)) if str(value) in _ROLES else None


class DayField(DateField):
    """A day, empty for none; what cannot be read as a day is refused in Indonesian."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The day that was typed, as `2026-12-01`."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if typed:
            try:
                self.data = date.fromisoformat(typed)
            except ValueError:
                raise ValueError("Tanggal ini tidak ada. Bentuknya seperti 2026-12-01.")


class GrantForm(StaffForm):
    """A role, where it holds, and from when until when; `offered` are the units to choose from."""

    offered: list[tuple[str, str]]

    peran = RadioField(
        "Peran",
        coerce=_role,
        choices=_CHOICES,
        validate_choice=False,
        validators=[DataRequired("Pilih satu peran.")],
    )
    unit = SelectField(
        "Berlaku di",
        validate_choice=False,
        validators=[DataRequired("Pilih unit dari daftar.")],
    )
    mulai = DayField("Mulai", validators=[InputRequired("Isi hari pertama haknya berlaku.")])
    sampai = DayField("Sampai")

    def offer(self, units: Iterable[UnitChoice], *, whole_city: bool) -> None:
        """Offer these units; the whole city and the role of an administrator if they may be given.

        The city's administrators alone give these two.
        """
        self._may_give = set(Role) if whole_city else set(Role) - {Role.ADMINISTRATOR}
        self.peran.choices = [one for one in _CHOICES if one.value in self._may_give]
        choices = [(str(unit.id), unit.name) for unit in units]
        if whole_city:
            choices.insert(0, (WHOLE_CITY, "Seluruh kota"))
        self._may_choose = {value for value, _ in choices}
        if len(choices) > 1:
            choices.insert(0, ("", "Pilih unit"))
        self.offered = choices

    def validate_peran(self, field: RadioField) -> None:
        """Refuse a role that was not offered."""
        if field.data not in self._may_give:
            raise ValidationError("Peran admin hanya diberikan admin kota.")

    def validate_unit(self, field: SelectField) -> None:
        """Refuse a unit that was not offered."""
        if field.data not in self._may_choose:
            raise ValidationError("Pilih unit dari daftar.")

    @property
    def grant(self) -> NewGrant:
        """What the valid form asks for."""
        assert self.mulai.data is not None  # noqa: S101 - the field is required
        unit_id = None if self.unit.data == WHOLE_CITY else int(self.unit.data)
        return NewGrant(self.peran.data, unit_id, self.mulai.data, self.sampai.data)


class InvitationForm(GrantForm):
    """The same for somebody who has no account yet."""

    nama = StringField(
        "Nama",
        [InputRequired("Tulis nama orangnya, dengan gelar bila biasa.")],
        filters=[one_line],
    )
    surel = EmailField("Surel dinas", [InputRequired("Tulis surel dinasnya.")], filters=[one_line])
