"""The record of a talk: drafted, published in versions, answered; the private memo; what was agreed and what became of it."""
