"""The table of networks that letters can be shared on, as a terminal shows it."""

from __future__ import annotations

import sys

from plugins.sharing.networks import NETWORKS, SHOWN, Network

_ENDLESS = 1 << 16
_COLUMNS = ("Name", "Network", "Takes at most", "Looked up", "Where")


def print_networks() -> None:
    """Print the table: in a terminal fitted to its width, elsewhere a line a network and nothing cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _ENDLESS
    table = Table(box=box.SIMPLE if console.is_terminal else None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, overflow="fold")
    between = "\n" if console.is_terminal else " "
    for key, network in NETWORKS.items():
        sources = between.join(network.sources)
        table.add_row(key, network.label, limits(network), network.checked.isoformat(), sources)
    console.print(table)
    console.print(f"These lines stand in {SHOWN}.")


def limits(network: Network) -> str:
    """Say what a network takes, and how it counts."""
    if not network.limits:
        return "any length" if "{text}" in network.link else "the address only"
    said = "; ".join(f"{most} ({way.said})" for most, way in network.ways)
    return said if network.url_counts else f"{said}, without the address"
