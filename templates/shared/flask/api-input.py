def texts(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the schema says of each text in a field."""
    if field.get("type") == "string":
        yield field
    for part in (field.get("items"), *field.get("anyOf", ())):
        if isinstance(part, dict):
            yield from texts(part)


def describe(schema: dict[str, Any]) -> None:
    """Say of texts that they have no NUL."""
    for field in schema.get("properties", {}).values():
        for text in texts(field):
            text.setdefault("pattern", r"^[^\u0000]*$")


class Input(BaseModel):
    """The body of a request: what it does not know, it does not take."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe)
