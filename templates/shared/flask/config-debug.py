def check_debug(debug: str, info: ValidationInfo) -> str:
    if debug.lower() not in {"", "0", "false", "no"} and info.data.get("production"):
        raise ValueError("is on: the debugger runs any code that a visitor sends")
    return debug
