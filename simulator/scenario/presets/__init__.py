"""What is published, and how it fills what a scenario leaves out.

In: the files of this folder, one for each source, and of `platforms/`, each number with its source. Out: filled values,
and where a scenario goes beyond them. `preset.py` reads the files, `filling.py` says which fills what, `evidence.py`
for what a preset is meant, `plausible.py` which written values lie outside of what is known.
"""
