"""How runs are carried out: jobs, workers in threads, processes or a Dask cluster, and what they share."""
