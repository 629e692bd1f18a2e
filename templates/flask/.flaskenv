# What `flask` runs where nobody says it with --app; production is `flask --app wsgi`.
FLASK_APP=app
