"""What the user wrote: a number, a range or a distribution; typed, checked, with its line.

`load.load` is the door. A file passes, in this order:

    toml_file.py, lines.py   text -> values, and the line of each key
    layers.py                files laid over each other
    overrides.py             values put in place of those of a file
    roster/                  lists of creators, from spreadsheets, become rows
    presets/                 what is left out is filled in from what is published
    model.py                 what a scenario may hold: `people.py`, `product.py`, `account.py`, `listed.py`, `terms.py`,
                             `rates.py`, `strategy.py`, `overlap.py`, `correlation.py`; a value is a `quantity.py`
    checks/                  what must hold between keys, and whether this machine can hold it

`source.py` knows who wrote each value, `parts.py` takes what can be used of a file with problems, `wording.py` says in
words for people what is wrong. Of a checked scenario `values.py` tells every value with its source, and `contract.py`
what its contracts cost. `emit.py` writes it as TOML, `schema.py` describes all of them to editors, `starter.py` writes
a first one.
"""
