"""Names of hosts in the form in which machines exchange them: small letters of ASCII (RFC 5890, "A-label")."""

from __future__ import annotations

from urllib.parse import urlsplit


def ascii_host(host: str) -> str:
    """Return the name of a host as addresses carry it, `xn--…` for letters beyond ASCII; empty for what is no name."""
    if host.isascii():
        return host.lower()
    import idna  # slow to import, and seldom needed

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def ascii_mail(address: str) -> str:
    """Return a mail address, or a handle like one, with its host as machines have it; empty for what is none."""
    local, at, host = address.rpartition("@")
    found = ascii_host(host)
    return f"{local}@{found}" if at and found else ""


def ascii_address(address: str) -> str:
    """Return a web address with its host as machines have it, and with a scheme; empty for what is none."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    place = f"{host}:{port}" if port else host
    return parts._replace(netloc=place).geturl() if host and "@" not in parts.netloc else ""
