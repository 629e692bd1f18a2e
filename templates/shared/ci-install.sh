if test -e uv.lock; then
  python -m pip install "uv>=0.9,<1"
  uv export --quiet --locked {{ '--extra postgresql ' if database == 'sqlite' else '' }}--output-file locked.txt
  python -m pip install --require-hashes --requirement locked.txt
else
  if test -e pylock.toml; then
    python -m pip install --upgrade "pip>=26.1"
    python -m pip install --requirement pylock.toml
  fi
  python -m pip install --editable ".[dev{{ ',postgresql' if database == 'sqlite' else '' }}]"
fi
