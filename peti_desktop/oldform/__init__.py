"""The Excel 2007 form, for computers that cannot run the program: write → somebody fills it in → read → adopt.

What comes back carries no signature; its lower trust stays visible on every record it brings.
"""
