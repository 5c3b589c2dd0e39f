namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>Entries that were not copied: all are counted, the first ones named. Thread-safe.</summary>
internal sealed class TreeIssues
{
    private readonly Lock _gate = new();
    private readonly List<TreeCopyIssue> _issues = [];

    public long Count { get; private set; }

    public IReadOnlyList<TreeCopyIssue> Listed => _issues;

    public void Add(TreeCopyIssue issue)
    {
        lock (_gate)
        {
            Count++;
            if (_issues.Count < TreeCopyReport.ListedMax)
            {
                _issues.Add(issue);
            }
        }
    }
}
