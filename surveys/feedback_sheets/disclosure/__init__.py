"""What keeps a figure from giving a person away: the choice of hidden units, its audit, and rounding.

Pure functions over counts and codes; nothing here knows the database. Rules are those of disclosure, by number.
"""
