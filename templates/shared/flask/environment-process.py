def filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that have a value, without white space around it."""
    return {name: text for name, value in variables.items() if (text := (value or "").strip())}


def of_process() -> dict[str, str]:
    """Return the variables that the process was started with, or that its code has set.

    Without what the `flask` command read from `.env` and `.flaskenv` before any code of the project.
    """
    try:
        started_with = os.fsdecode(Path("/proc/self/environ").read_bytes()).split("\0")
    except OSError:
        started_with = []  # only Linux tells; elsewhere FLASK_SKIP_DOTENV=1 keeps the files away
    said: dict[str, str | None] = {}
    for name in (".flaskenv", ".env"):
        said |= dotenv_values(find_dotenv(name, usecwd=True), encoding="utf-8")
    own = {
        name: value
        for name, value in os.environ.items()
        if said.get(name) != value or f"{name}={value}" in started_with
    }
    return dict(os.environ) if own.get("FLASK_SKIP_DOTENV") == "1" else own
