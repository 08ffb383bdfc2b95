"""The casework room: what people and timers may order, one handler an order, and who may see what.

`desk.Desk` takes commands, `views` answers questions, `accounts` knows who somebody is.
"""
