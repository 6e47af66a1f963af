def build_catalog(dataset, snapshot): pass
