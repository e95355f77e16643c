// Each test starts processes of its own and some measure: side by side they would measure one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
