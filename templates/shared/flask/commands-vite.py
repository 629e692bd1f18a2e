    # Not above: only who develops has Vite, and `python -m app.npm` is a program of its own.
    from app import vite
    from app.client import server_paths

    serve = partial(context.invoke, run_command, host=host, port=port, reload=True, debugger=True)
    if is_running_from_reloader():  # the first process has started Vite
        serve()
        return
    try:
        outside = vite.free_port()
        os.environ.setdefault("SITE_URL", f"http://{vite.HOST}:{outside}")
        paths = [f"/{path}" if "." in path else f"/{path}/" for path in sorted(server_paths(app))]
        with vite.running(outside, f"http://127.0.0.1:{port}", paths):
            click.echo(f"Site:     http://{vite.HOST}:{outside}/")
{{ '            path = app.config["SETTINGS"].admin_path\n            click.echo(f"Admin:    http://{vite.HOST}:{outside}/{path}/")\n' if admin else '' }}            serve()
    except vite.Ended as ended:
        raise click.ClickException(str(ended)) from ended
