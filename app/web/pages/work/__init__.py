"""Pages of a person's day: the list of tasks, searching for a case, who covers while they are away.

One task with its form is `task`; a case, `cases`.
"""
