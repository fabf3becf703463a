"""Copies and near copies in a study, found without comparing all with all."""
