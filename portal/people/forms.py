"""The shape of what staff type about accounts."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.access.terms import Role
from portal.kit.errors import Invalid
from portal.kit.text import printable

ROLE_NAMES = {
    Role.OFFICER: "Petugas",
    Role.UNIT_HEAD: "Kepala unit",
    Role.ADMINISTRATOR: "Admin",
}
ROLE_MEANINGS = {
    Role.OFFICER: "membaca tulisan warga tentang unitnya dan membetulkan nadanya",
    Role.UNIT_HEAD: "sama seperti petugas, untuk unit yang dipimpinnya",
    Role.ADMINISTRATOR: "mengundang orang dan memberi hak; tidak membaca tulisan warga",
}
STALE = "Halaman ini sudah lama terbuka. Silakan kirim sekali lagi."


def one_line(typed: str | None) -> str | None:
    """What was typed into a field of one line, without what breaks a page or a database."""
    return printable(typed, lines=False) if typed else typed


class StaffForm(FlaskForm):
    """A form of the staff's side, protected by the session's token without a time limit.

    It checks the token itself, so that a page of an earlier session comes back filled and with a
    fresh token. By itself it is the form around a bare button.
    """

    class Meta(FlaskForm.Meta):
        """No form of staff takes files: a field that is sent as one counts as empty."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed, or None before anything was sent and where None is asked for."""
            if formdata is None or not form.is_submitted():
                return None
            return request.form or None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the form may be carried out; says so when its page is of an earlier session."""
        valid = super().validate(extra_validators)
        if self["csrf_token"].errors:
            self.refuse(None, STALE)
        return bool(valid)

    def has_token(self) -> bool:
        """Whether it bears the token of this browser's session."""
        return bool(self["csrf_token"].validate(self))

    def check_token(self) -> None:
        """Refuse, with `Invalid`, a press whose page belongs to an earlier session."""
        if not self.has_token():
            raise Invalid(STALE)

    def text(self, name: str) -> str:
        """What was typed into a field, empty when nothing was."""
        return str(self[name].data or "")

    def refuse(self, field: str | None, sentence: str) -> None:
        """Add the sentence of a refusal to the field it names, or to the form as a whole."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class SignInForm(StaffForm):
    """E-mail and password; `lanjut` is where to go on.

    `bawaan` is a form that was sent meanwhile, `pengirim` the id of its sender where known.
    """

    surel = EmailField(
        "Surel dinas", [InputRequired("Tulis surel dinas Anda.")], filters=[one_line]
    )
    sandi = PasswordField("Kata sandi", [InputRequired("Tulis kata sandi Anda.")])
    lanjut = HiddenField(filters=[one_line])
    bawaan = HiddenField(filters=[one_line])
    pengirim = HiddenField(filters=[one_line])

    def forget_carried(self) -> None:
        """Carry nothing along any more."""
        self.bawaan.data = self.pengirim.data = None


class NewPasswordForm(StaffForm):
    """A new password, typed twice."""

    sandi_baru = PasswordField("Kata sandi baru", [InputRequired("Tulis kata sandi baru.")])
    sandi_ulang = PasswordField(
        "Sekali lagi, sama persis", [InputRequired("Tulis sekali lagi kata sandi yang sama.")]
    )

    def validate_sandi_ulang(self, field: StringField) -> None:
        """Refuse a second spelling that differs from the first."""
        if field.data != self.sandi_baru.data:
            raise ValidationError("Yang kedua berbeda dari yang pertama. Tulis keduanya lagi.")


class ChangePasswordForm(NewPasswordForm):
    """The same for somebody who proves the current one first."""

    sandi_lama = PasswordField(
        "Kata sandi sekarang", [InputRequired("Tulis kata sandi Anda yang sekarang.")]
    )
