"""Render alerts, digests and health reports as messages, and records as exports and evidence packs.

Pure, except that templates and catalogues of words are read from files.

- `renderer`: renders every message; picks the template, and falls back to the built-in one if yours fails
- `environment`, `compiled`, `aliases`: the Jinja environments, and old names that templates may still use
- `catalogue`, `language`: the words of a language, and sentences, counts and dates in it
- `event_line`, `event_slots`, `event_object`: the act of an item in one line
- `headline`, `reasons`, `deadlines`, `wrapping`: other lines of a message
- `context`: the variables of a template; `digest_layout` groups a digest's stories, `chart` counts alerts
- `card`, `forms/`: the short message of chat services, and one file for each service
- `slack`: Block Kit; `json`: the payload of webhooks and `--json`; `attachments`: CSV and JSON files
- `export`: whole tables; `export_data`, `export_csv` and `export_ftm` are its formats
- `evidence_pack`, `evidence_data`, `evidence_page`: the file for auditors, its record and its page
- `sanitize`: makes feed text safe to show; `parties`, `status`, `terms`: names and words for what a verdict
  holds
- `samples`, `sample_alerts`: sample messages for `check`, `channel test` and tests

To change the wording, copy a file of `templates/` into a folder of your own, name that folder in config.toml
and edit the copy. Every file begins with the names it may use, and `check` renders each on a sample.

To add a message form:

1. For a chat service, write ``forms/<name>.py`` with ``lay_out(card) -> dict``, which keeps to the service's
   limits, and add a line to `forms.CARD_FORMS`. It shows the words of the ``*.card.j2`` templates.
2. For anything else, add a case to `Renderer._build_messages`, and the templates ``alert.<form>.j2``,
   ``digest.<form>.j2`` and ``health.<form>.j2``; names that end in ``html`` or ``slack`` are escaped.
3. Name the form in the settings class of its channel (``channels/``), and add a golden message to
   ``tests/render/test_golden.py``.
"""
