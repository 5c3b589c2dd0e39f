// Runs measure the process (its peak memory, its processor time) and collect garbage: one at a time.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
