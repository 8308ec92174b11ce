"""Zhiheng (知衡): performance management and HR for small and mid-size companies."""
