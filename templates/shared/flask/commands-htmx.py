    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    serve = partial(context.invoke, run_command, host=host, port=port, reload=True, debugger=True)
    if is_running_from_reloader():  # the first process has started Vite
        serve()
        return
    # Not above: only who develops has Vite, and `python -m app.npm` is a program of its own.
    from app import vite

    try:
        with vite.running():
            serve()
    except vite.Ended as ended:
        raise click.ClickException(str(ended)) from ended
