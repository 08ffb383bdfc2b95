"""Built-in functions of FEEL, each in the module of its subject; all that lie here are known."""
