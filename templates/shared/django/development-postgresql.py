if not text("DATABASE_URL"):
    name = "{{ project_name | lower | replace('-', '_') }}"
    try:
        psycopg.connect(dbname=name, connect_timeout=2).close()
        os.environ["DATABASE_URL"] = f"postgresql:///{name}"
    except psycopg.OperationalError:
        note = f"PostgreSQL has no database for you here: createdb {name} makes it."
        print(note, file=sys.stderr)
        os.environ["DATABASE_URL"] = "sqlite:///db.sqlite3"
