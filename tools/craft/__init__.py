"""Makes small captures of MMS and IEC 61850 traffic, byte for byte, for regression tests; see README.md."""
