"""Each test here has an office of its own."""

from tests.support.heart import office as office
