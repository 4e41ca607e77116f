"""What the user wrote: a number, a range or a distribution; typed, checked, with its line.

`load.load` is the door. `model.py` says what a scenario may hold, `quantity.py` what a value may be, `filling.py`
fills what is left out from the files of `presets/`, which `preset.py` reads, `evidence.py` and `plausible.py` say
where a scenario goes beyond them, `parts.py` takes what can be used, `checks.py` says what must hold between keys,
`wording.py` what is wrong in words for people, `overrides.py` puts values in place of those of a file, `lines.py`
finds where a key stands in it, `emit.py` writes a scenario back as TOML.
"""
