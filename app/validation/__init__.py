"""The validation room: a set of files in; out a program that can run, or findings."""
