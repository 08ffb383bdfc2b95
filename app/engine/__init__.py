"""The engine room: what BPMN, DMN and FEEL mean here. Values in, events out.

Three floors, imports go one way: ``feel`` ← ``drawing`` ← ``run``. Knows no clock, database or web.
"""
