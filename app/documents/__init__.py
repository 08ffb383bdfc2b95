"""The documents room: Word and PDF from templates, and the texts of mails."""
