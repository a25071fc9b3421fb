"""Preparing a talk: what the interviewer reads of what was released to him, and prompts that fit."""
