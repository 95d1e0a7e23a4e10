"""What `check` looks at beyond the build's own rules."""
