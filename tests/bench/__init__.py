"""The benchmarks: `python -m tests.bench` writes bench.json and prints a table of ratios.

Every figure stands beside a limit measured in the same run, because the machine is shared: the same
diagram in SpiffWorkflow alone, in memory, or one durable commit of the same database.
"""
