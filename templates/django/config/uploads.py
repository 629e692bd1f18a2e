"""Files that users send: kept outside the code, and never run, here or in a browser."""

from importlib.machinery import all_suffixes
from pathlib import PurePosixPath
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe


class UploadStorage(FileSystemStorage):
    """Keeps files in MEDIA_ROOT, under names that nobody guesses and Python does not import."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        path = PurePosixPath(name.replace("\\", "/"))
        is_module = path.name.lower().endswith(tuple(all_suffixes()))
        suffix = f"{path.suffix}.txt" if is_module else path.suffix
        path = path.with_name(f"{path.stem}-{get_random_string(16)}{suffix}")
        return super().get_available_name(str(path), max_length)


def download(file: IO[bytes], name: str) -> FileResponse:
    """Return a file for a browser to save: nothing in it runs as a page of this site."""
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def media(_request: HttpRequest, path: str) -> FileResponse:
    """Give any user a file whose address they have; a view of your own may ask for more."""
    try:
        return download(default_storage.open(path), PurePosixPath(path).name)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
