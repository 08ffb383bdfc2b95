"""People and what they may use: making and changing accounts, links, tokens, passwords.

Signing in and sessions are `accounts`'s. Every change here is written into the installation's log
(`cases.installation_log`) in the transaction that makes it.
"""
