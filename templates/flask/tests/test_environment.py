"""The `.env` file of development."""

from pathlib import Path

from app.environment import prepare

EXAMPLE = "# A comment\nSECRET_KEY=\n# OPTIONAL=1\nLOG_LEVEL=INFO\n"


def secret(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith("SECRET_KEY=")]
    return line.partition("=")[2]


def test_missing_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text(EXAMPLE)
    file = tmp_path / ".env"
    prepare(file)
    text = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(secret(text)) == 64
    assert text == EXAMPLE.replace("KEY=", f"KEY={secret(text)}")


def test_copied_example_gets_its_secret(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(EXAMPLE + "MINE=1\n")
    prepare(file)
    assert len(secret(file.read_text())) == 64
    assert file.read_text().endswith("MINE=1\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_complete_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=mine\n")
    prepare(file)
    assert file.read_text() == "SECRET_KEY=mine\n"


def test_two_projects_differ(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".env.example").write_text(EXAMPLE)
        prepare(tmp_path / name / ".env")
        texts.append((tmp_path / name / ".env").read_text())
    assert texts[0] != texts[1]
