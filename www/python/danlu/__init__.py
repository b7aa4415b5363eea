"""Danlu's own Python: `ops` differentiates on the engine's tape, `judge` checks answers.

Nothing is imported here: the learner's runtime starts with `danlu.codec` alone.
"""
