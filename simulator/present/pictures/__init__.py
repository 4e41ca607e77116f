"""The pictures: each takes what was found and gives a figure; one family, one style.

In: findings, or a study that was just played, and a brand. Out: figures, and files of them. `family.py` knows every
picture by name, those of a study from `plots.py`; `folder.py` draws them into a folder, `saving.py` makes bytes of one,
`untitled.py` for places that have the title above them.

What all share: `look.py` is the brand worn now and the size of the page, `fonts.py` its letters and `logo.py` its logo;
`page.py` has words in their places, `rows.py` a row per plan. What is drawn: `roi.py`, `reach.py`, `money.py`,
`long_run.py` and `waterfall.py` of a run; `operations.py` (with `lanes.py` and `operations_names.py`) and `cascade.py`
(with `branches.py`) of one play; `split.py` and `frontier.py` (with `split_parts.py`), `target.py`, `sensitivity.py`
(the tornado), `variance.py`, `worth.py` and `overlap.py` of answers. Numbers and sentences come from above this folder.
"""
