def check_client(folder: Path, info: ValidationInfo) -> Path:
    found = ROOT / folder
    if info.data.get("production") and not (found / "index.html").is_file():
        raise ValueError(f"has no built pages ({found})")
    return found
