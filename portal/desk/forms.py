"""The shape of what a reader decides about one text."""

from wtforms import HiddenField

from portal.people.forms import StaffForm

UNDO = "batal"


class DecisionForm(StaffForm):
    """One press: which text, which tone (or undo), which tone was seen, which list to return to."""

    tulisan = HiddenField()
    nada = HiddenField()
    dilihat = HiddenField()
    kembali = HiddenField()
