            "ALEMBIC": {
                "script_location": str(ROOT / "migrations"),
                # A new migration is formatted as the rest of the project is.
                "post_write_hooks": {
                    "hooks": "lint, format",
                    "lint.type": "module",
                    "lint.module": "ruff",
                    "lint.options": "check --fix --quiet REVISION_SCRIPT_FILENAME",
                    "format.type": "module",
                    "format.module": "ruff",
                    "format.options": "format --quiet REVISION_SCRIPT_FILENAME",
                },
            },
            "ALEMBIC_CONTEXT": {"render_as_batch": True},
