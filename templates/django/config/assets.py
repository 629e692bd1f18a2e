"""Static files as production keeps them."""

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

BUILT = "assets/"


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Gives files a name with a hash, save for those of `frontend/`, whose build has given one."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        built = [name for name in paths if name.startswith(BUILT)]
        own = {name: place for name, place in paths.items() if name not in built}
        yield from super().post_process(own, dry_run=dry_run, **options)
        if not dry_run:
            for name, compressed in self.compress_files(built):
                yield name, compressed, True
