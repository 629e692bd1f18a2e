    # Not above: only who develops has Vite, and `python -m app.npm` is a program of its own.
    from app import ports, vite
    from app.client import server_paths

    serve = partial(context.invoke, run_command, host=host, port=port, reload=True, debugger=True)
    if is_running_from_reloader():  # the first process has started Vite
        serve()
        return
    try:
        outside = ports.free_port()
        os.environ.setdefault("SITE_URL", f"http://{ports.HOST}:{outside}")
        paths = [f"/{path}" if "." in path else f"/{path}/" for path in sorted(server_paths(app))]
        words = ("--port", str(outside), "--host", ports.HOST)
        backend = f"http://127.0.0.1:{port}"
        with vite.running(*words, BACKEND=backend, BACKEND_PATHS=",".join(paths)):
            click.echo(f"Site:     http://{ports.HOST}:{outside}/")
{{ '            path = app.config["SETTINGS"].admin_path\n            click.echo(f"Admin:    http://{ports.HOST}:{outside}/{path}/")\n' if admin else '' }}            serve()
    except vite.Ended as ended:
        raise click.ClickException(str(ended)) from ended
