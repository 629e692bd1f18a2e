def migrate() -> None:
    """Bring the database up to date, if it answers."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        text = f"The database does not answer: {error}\nLook at DATABASE_URL, and the server."
        raise CommandError(text) from error
    call_command("migrate", verbosity=0)
