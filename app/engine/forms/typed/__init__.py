"""Readers of answers that are made of parts: dates and files. Other kinds `typed_values` reads."""

from app.engine.forms.dates import read_date, read_datetime, read_time, typed_day
from app.engine.forms.typed.files import read_files

__all__ = ["read_date", "read_datetime", "read_files", "read_time", "typed_day"]
