"""Inquiries out of saved mail: found by their block, listed, held against the diary, answered. Nothing leaves here."""
