if not text("DATABASE_URL"):
    os.environ["DATABASE_URL"] = "sqlite:///db.sqlite3"
