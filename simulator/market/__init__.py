"""The synthetic market: people, who follows whom, creators and their audiences.

`build.build_market` is the door. `people.py` and `follow_graph.py` draw the world, `graph_file.py` reads
one instead, `creators.py` draws who may be hired and `audiences.py` who follows them, `overlapping.py` where the
scenario says how much audiences overlap; `overlap.py` counts how much they do. `expected.py` foresees the
niches, overlap and reach of audiences without a market.
"""
