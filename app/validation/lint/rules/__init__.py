"""The rules, each in the module of its subject; `lint` imports every module that lies here."""
