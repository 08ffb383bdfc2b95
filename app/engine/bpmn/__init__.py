"""BPMN 2.0.2: a file read into processes as plain values, its dialect, what of it is supported."""
