"""Attendance: punches, sites, requests, attendance days, months."""
