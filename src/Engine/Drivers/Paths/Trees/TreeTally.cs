namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>What has been copied of a tree, counted by all its workers, and told to the caller's progress,
/// one call at a time. Thread-safe.</summary>
internal sealed class TreeTally(IProgress<TreeCopyProgress>? progress)
{
    private int _telling;
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
        if (progress is not null && Interlocked.Exchange(ref _telling, 1) == 0)
        {
            Report(progress);
            Volatile.Write(ref _telling, 0);
        }
    }

    /// <summary>Tells the final figures, to the caller's progress, and the caller.</summary>
    public TreeCopyReport End()
    {
        if (progress is not null)
        {
            Report(progress);
        }

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

    /// <summary>The progress is the caller's code: what it throws does not end the copy.</summary>
    private void Report(IProgress<TreeCopyProgress> to)
    {
        try
        {
            to.Report(Progress());
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }

    private TreeCopyProgress Progress() =>
        new(Interlocked.Read(ref _files), Interlocked.Read(ref _directories), Interlocked.Read(ref _bytes));
}
