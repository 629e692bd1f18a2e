"""A user's notes: list, page, form and deletion.

Nothing here asks for a sign-in: every view of the site does, unless it is marked as public.
"""

from django.contrib.messages.views import SuccessMessageMixin
from django.forms import ModelForm
from django.urls import reverse_lazy
from django.views import generic

from notes.models import Note
from users.access import Owned


class NoteList(Owned, generic.ListView[Note]):
    model = Note
    paginate_by = 20


class NoteDetail(Owned, generic.DetailView[Note]):
    model = Note


class NoteCreate(
    Owned, SuccessMessageMixin[ModelForm[Note]], generic.CreateView[Note, ModelForm[Note]]
):
    model = Note
    fields = ("title", "text")
    success_message = "The note is saved."


class NoteUpdate(
    Owned, SuccessMessageMixin[ModelForm[Note]], generic.UpdateView[Note, ModelForm[Note]]
):
    model = Note
    fields = ("title", "text")
    success_message = "The note is saved."


class NoteDelete(
    Owned, SuccessMessageMixin[ModelForm[Note]], generic.DeleteView[Note, ModelForm[Note]]
):
    model = Note
    success_url = reverse_lazy("notes:list")
    success_message = "The note is deleted."
