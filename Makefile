# Everything a newcomer needs: each command first sets up $(VENV) with what it needs, by hash.
#   make demo     the bot and a pretended Telegram in the browser; no token, no account
#   make test     the tests that need nothing but Python
#   make check    format, lint, types, import arrows
#   make bench    the measurements, beside other bots
#   make peers    only sets up the environment of those that need their own
#   make prove    what is claimed, shown at length, and written to docs/proof.md
#   make venv     only sets up, with the command bisik in $(VENV)/bin
# PYTHON=/path/to/python3.12 chooses the interpreter, VENV=… another place for the environment.
.POSIX:

PYTHON =
VENV = .venv
PY = $(VENV)/bin/python

.PHONY: demo test check bench peers prove venv

demo: $(VENV)/run.stamp
	@$(PY) -m bot demo

test: $(VENV)/dev.stamp
	$(PY) -m pytest -n logical -m "not browser and not tools" --cov

check: $(VENV)/dev.stamp
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(PY) -m pytest tests/test_arrows.py

bench: $(VENV)/dev.stamp $(VENV)/peers/peers.stamp
	$(PY) -m bench

peers: $(VENV)/peers/peers.stamp

prove: $(VENV)/dev.stamp
	$(PY) -m prove

venv: $(VENV)/dev.stamp

# The stamps come last in a set-up, so one that was interrupted is taken up again.
$(VENV)/run.stamp: requirements/run.txt tools/venv.sh
	@sh tools/venv.sh run "$(VENV)" "$(PYTHON)"

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml tools/venv.sh
	@sh tools/venv.sh dev "$(VENV)" "$(PYTHON)"

$(VENV)/peers/peers.stamp: requirements/peers.txt tools/venv.sh $(VENV)/dev.stamp
	@sh tools/venv.sh peers "$(VENV)/peers" "$(PY)"
