"""The shapes of JSON that come in and go out."""
