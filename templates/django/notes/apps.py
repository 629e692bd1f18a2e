from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "notes"
    menu = [("Notes", "notes:list")]
