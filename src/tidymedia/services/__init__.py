"""Services outside of this machine, one file a vendor: consent, raw answers, manners, costs, and the extractors."""
