"""The pictures: each takes what was found and gives a figure; one family, one style."""
