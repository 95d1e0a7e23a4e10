"""What the author begins with: a new letter, a new talk, a new date; and a clone that becomes somebody's own blog."""
