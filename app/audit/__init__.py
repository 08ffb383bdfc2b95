"""The audit room: whether histories are as they were written, and what they say.

`verification` checks, `narrative` tells, `timeliness` counts; `disclosure` and `exports` hand out.
"""
