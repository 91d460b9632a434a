"""Every screen of the addon: the table, the records they show, what is read on each."""
