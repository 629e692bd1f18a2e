    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    context.invoke(run_command, host=host, port=port, reload=True, debugger=True)
