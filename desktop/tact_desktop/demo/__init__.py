"""The demo: one engine on loopback, real windows side by side, and the six use cases of delivery on presence."""

from tact_desktop.demo.play import demo
from tact_desktop.demo.shots import shots

__all__ = ["demo", "shots"]
