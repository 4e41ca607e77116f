"""A list of creators as people have it in a spreadsheet, read into the rows of a pool.

In: a CSV file that a pool names with `roster_file`. Out: rows of the pool's `creators`, and notes on what was taken for
what. `cells.py` takes the bytes apart into rows and numbers, `columns.py` knows the names of columns, `reading.py` says
what the cells mean or why they can not, `keys.py` turns what was measured into keys of a scenario, `loading.py` puts
all of it where `load` needs it.
"""
