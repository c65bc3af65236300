"""What answers of receivers mean, as tables: one row per answer, first match wins."""
