"""Turn alerts, digests and health reports into messages: templates, payloads, cards, charts, attachments."""
