"""A user's notes: list, page, form and deletion.

Nothing here asks for a sign-in: every view of the site does, unless it is marked as public.
"""

from django.contrib.messages.views import SuccessMessageMixin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views import generic

from notes.models import Note
from users.requests import signed_in_user


class OwnNotes:
    """Limits a view to the notes of the user who asks: anyone else's do not exist."""

    request: HttpRequest

    def get_queryset(self) -> QuerySet[Note]:
        """Return the user's notes."""
        return Note.objects.filter(owner=signed_in_user(self.request))


class NoteList(OwnNotes, generic.ListView[Note]):
    """The notes, latest first."""

    paginate_by = 20


class NoteDetail(OwnNotes, generic.DetailView[Note]):
    """One note."""


class NoteCreate(SuccessMessageMixin[ModelForm[Note]], generic.CreateView[Note, ModelForm[Note]]):
    """The form of a new note."""

    model = Note
    fields = ("title", "text")
    success_message = "The note is saved."

    def form_valid(self, form: ModelForm[Note]) -> HttpResponse:
        """Give the note to the user who wrote it."""
        form.instance.owner = signed_in_user(self.request)
        return super().form_valid(form)


class NoteUpdate(
    OwnNotes, SuccessMessageMixin[ModelForm[Note]], generic.UpdateView[Note, ModelForm[Note]]
):
    """The form of an existing note."""

    fields = ("title", "text")
    success_message = "The note is saved."


class NoteDelete(
    OwnNotes, SuccessMessageMixin[ModelForm[Note]], generic.DeleteView[Note, ModelForm[Note]]
):
    """The question before a note is deleted."""

    success_url = reverse_lazy("notes:list")
    success_message = "The note is deleted."
