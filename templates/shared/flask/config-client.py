def check_client(folder: Path, info: ValidationInfo) -> Path:
    found = ROOT / folder
    if info.data.get("production") and not (found / "{{ 'index.html' if client else 'site.js' }}").is_file():
        raise ValueError(f"has no built {{ 'pages' if client else 'script' }} ({found})")
    return found
