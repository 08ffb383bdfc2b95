"""What proves who somebody is beside a password: apps with codes, recovery codes, passkeys.

`demand` says when a second factor is needed, `seals` keeps what a browser carries from one step to
the next, `second_step` takes the code of who has come half the way. A key is `apps`' or
`passkeys`', starting anew `resetting`'s.
"""
