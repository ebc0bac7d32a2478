"""Parts that the panels share: each a standard control, or a delegate that draws inside one."""
