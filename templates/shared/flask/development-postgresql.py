def development_database(otherwise: str) -> str:
    """Return the address of PostgreSQL's database for this project, if there is one."""
    import psycopg

    name = "{{ project_name | lower | replace('-', '_') }}"
    with suppress(psycopg.OperationalError), psycopg.connect(dbname=name, connect_timeout=2):
        return f"postgresql:///{name}"
    click.echo(f"PostgreSQL has no database for you here: createdb {name} makes it.", err=True)
    return otherwise
