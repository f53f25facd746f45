"""bechdel_stats: which films fail the Bechdel test, and what goes with it.

>>> import bechdel_stats
>>> bechdel_stats.predict_bechdel(films)  # doctest: +SKIP
"""
