"""What the user wrote: a number, a range or a distribution; typed, checked, with its line.

`load.load` is the door. A file passes, in this order:

    toml_file.py, lines.py   text -> values, and the line of each key
    layers.py                files laid over each other
    overrides.py             values put in place of those of a file
    roster_load.py           lists of creators become rows; `roster.py` reads them, `roster_keys.py` says what they mean
    filling.py               what is left out, from the files of `presets/`, which `preset.py` reads
    model.py                 what a scenario may hold: `people.py`, `product.py`, `account.py`, `listed.py`, `terms.py`,
                             `rates.py`, `strategy.py`, `overlap.py`, `correlation.py`; a value is a `quantity.py`
    checks.py                what must hold between keys: one `*_checks.py` for each part of the model, and `memory.py`

`source.py` knows who wrote each value, `parts.py` takes what can be used of a file with problems, `wording.py` says in
words for people what is wrong. Of a checked scenario `values.py` tells every value with its source, `evidence.py` and
`plausible.py` where it goes beyond its presets, `contract.py` what its contracts cost. `emit.py` writes it as TOML,
`schema.py` describes all of them to editors, `starter.py` writes a first one.
"""
