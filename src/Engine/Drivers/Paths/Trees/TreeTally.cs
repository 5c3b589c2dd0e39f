namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>What has been copied of a tree, counted by all its workers, and told to whoever wants to know.
/// Thread-safe.</summary>
internal sealed class TreeTally(IProgress<TreeCopyProgress>? progress)
{
    private readonly Lock _telling = new();
    private long _files;
    private long _directories;
    private long _links;
    private long _bytes;

    public TreeIssues Skipped { get; } = new();

    public TreeIssues Failed { get; } = new();

    public long Bytes => Interlocked.Read(ref _bytes);

    public void AddFile() => Interlocked.Increment(ref _files);

    public void AddDirectory() => Interlocked.Increment(ref _directories);

    public void AddLink() => Interlocked.Increment(ref _links);

    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    /// <summary>Tells how far it is, unless another thread is telling just now.</summary>
    public void Tell()
    {
        if (progress is not null && _telling.TryEnter())
        {
            try
            {
                progress.Report(Progress());
            }
            finally
            {
                _telling.Exit();
            }
        }
    }

    /// <summary>Tells the final figures, to whoever wants to know, and the caller.</summary>
    public TreeCopyReport End()
    {
        progress?.Report(Progress());
        return new TreeCopyReport
        {
            Files = _files,
            Directories = _directories,
            SymbolicLinks = _links,
            Bytes = _bytes,
            SkippedCount = Skipped.Count,
            Skipped = Skipped.Listed,
            FailedCount = Failed.Count,
            Failed = Failed.Listed,
        };
    }

    private TreeCopyProgress Progress() =>
        new(Interlocked.Read(ref _files), Interlocked.Read(ref _directories), Interlocked.Read(ref _bytes));
}
