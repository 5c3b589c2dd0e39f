namespace Actors.Engine;

/// <summary>What became of the copy of a tree.</summary>
public sealed record TreeCopyReport
{
    /// <summary>As many entries as <see cref="Skipped"/> and <see cref="Failed"/> name at most.</summary>
    public const int ListedMax = 1000;

    /// <summary>Files copied. A file with several names is copied once for each.</summary>
    public required long Files { get; init; }

    /// <summary>Directories created or merged into, the top one included.</summary>
    public required long Directories { get; init; }

    /// <summary>Symbolic links copied as links.</summary>
    public required long SymbolicLinks { get; init; }

    /// <summary>Bytes of the files, holes included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Entries that cannot be copied: pipes, sockets, devices, and links that cannot be followed.</summary>
    public required long SkippedCount { get; init; }

    /// <summary>The first of those, in no particular order.</summary>
    public required IReadOnlyList<TreeCopyIssue> Skipped { get; init; }

    /// <summary>Entries that failed, with <see cref="TreeCopyOptions.ContinueOnError"/>. What is below a directory that
    /// failed is not counted.</summary>
    public required long FailedCount { get; init; }

    /// <summary>The first of those, in no particular order.</summary>
    public required IReadOnlyList<TreeCopyIssue> Failed { get; init; }
}
