    @classmethod
    def load(cls, variables: Mapping[str, str], *, production: bool = False) -> Self:
        """Read the settings; raise `ConfigurationError` with a line for each that is wrong."""
        given = {name.lower(): value for name, value in filled(variables).items()}
        try:
            return cls.model_validate(given | {"production": production})
        except ValidationError as error:
            problems = error.errors()
        files = "; production reads no `.env`" if production else ""
        lines = [f"These settings stop the application from starting{files}:"]
        for problem in problems:
            name = str(problem["loc"][0])
            missing = problem["type"] == "missing"
            reason = "is missing" if missing else problem["msg"].removeprefix("Value error, ")
{% if database != 'none' or frontend != 'none' %}
            # That one cannot be derived from another is no fault of its own.
            if problem["type"] != "default_factory_not_called":
                remedy = cls.model_fields[name].description or ""
                lines.append(f"  {name.upper()} {reason}. {remedy}".rstrip())
{% else %}
            remedy = cls.model_fields[name].description or ""
            lines.append(f"  {name.upper()} {reason}. {remedy}".rstrip())
{% endif %}
        raise ConfigurationError("\n".join(lines))
