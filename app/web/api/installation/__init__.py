"""What the API can be asked or told by who keeps the installation: mail, what has stopped, second
factors of others, who may come to read what is asked."""

from __future__ import annotations

from app.web.api.installation import mail, proofs, stopped, who_reads

OPERATIONS = (*mail.OPERATIONS, *stopped.READS, *proofs.OPERATIONS, *who_reads.READS)
