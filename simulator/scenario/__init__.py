"""What the user wrote: a number, a range or a distribution; typed, checked, with its line.

`load.load` is the door. `model.py` says what a scenario may hold, `quantity.py` what a value may be,
`checks.py` what must hold between keys, `lines.py` where a key stands in the file, `emit.py` writes
a scenario back as TOML.
"""
