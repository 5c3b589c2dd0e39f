using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>Copies a tree by the runtime's file API, for systems other than Linux: one file after the other.</summary>
internal sealed class PortableTreeCopy
{
    private readonly CopyTree _command;
    private readonly TreeCopyOptions _options;
    private readonly TreeTally _tally;

    public PortableTreeCopy(CopyTree command)
    {
        _command = command;
        _options = command.Options ?? new TreeCopyOptions();
        _tally = new TreeTally(command.Progress);
    }

    public TreeCopyReport Run()
    {
        var source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_command.Path));
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_command.Target));
        if (target == source || target.StartsWith(source + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException($"{_command.Target} is, or is in, {_command.Path}, which is copied");
        }

        if (!Directory.Exists(PathName.DirectoryOf(target)))
        {
            throw new DirectoryNotFoundException($"the directory of {_command.Target} does not exist");
        }

        CopyDirectory(new DirectoryInfo(_command.Path), target, []);
        return _tally.End();
    }

    private void CopyDirectory(DirectoryInfo source, string target, HashSet<string> above)
    {
        var real = (source.ResolveLinkTarget(true) ?? source).FullName;
        if (!above.Add(real))
        {
            Skip(source, "a link to a directory that it is itself in");
            return;
        }

        Directory.CreateDirectory(target);
        _tally.AddDirectory();
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            _command.Cancellation.ThrowIfCancellationRequested();
            Attempt(entry, () => CopyEntry(entry, Path.Join(target, entry.Name), above));
        }

        above.Remove(real);
        Attempt(source, () => Dress(source, new DirectoryInfo(target)));
        _tally.Tell();
    }

    private void CopyEntry(FileSystemInfo entry, string target, HashSet<string> above)
    {
        if (entry.LinkTarget is { } link && !_options.FollowSymbolicLinks)
        {
            CopyLink(entry, target, link);
        }
        else if (entry is DirectoryInfo directory)
        {
            CopyDirectory(directory, target, above);
        }
        else if (!File.Exists(entry.FullName))
        {
            Skip(entry, "a symbolic link that leads nowhere");
        }
        else if (entry.Attributes.HasFlag(FileAttributes.Device))
        {
            Skip(entry, "a pipe, socket or device");
        }
        else
        {
            CopyFile((FileInfo)entry, target);
        }
    }

    private void CopyLink(FileSystemInfo entry, string target, string link)
    {
        if (_options.Overwrite && new FileInfo(target) is { Exists: true } or { LinkTarget: not null })
        {
            File.Delete(target);
        }

        _ = entry is DirectoryInfo
            ? Directory.CreateSymbolicLink(target, link)
            : File.CreateSymbolicLink(target, link);
        _tally.AddLink();
    }

    private void CopyFile(FileInfo source, string target)
    {
        var copy = new Copy(source.FullName, target, _options.Overwrite, _options.Durable)
        {
            Cancellation = _command.Cancellation,
        };
        var copied = new PortablePathCalls().Copy(copy);
        if (_options.Verify && !HaveSameContent(source.FullName, target))
        {
            File.Delete(target);
            throw new IOException($"the copy of {source.FullName} differs from it");
        }

        Dress(source, new FileInfo(target));
        _tally.AddBytes(copied.Bytes);
        _tally.AddFile();
    }

    private void Dress(FileSystemInfo source, FileSystemInfo target)
    {
        if (_options.PreserveModes && !OperatingSystem.IsWindows())
        {
            target.UnixFileMode = source.UnixFileMode & (UnixFileMode)0x1ff;
        }

        target.LastWriteTimeUtc = _options.PreserveTimes ? source.LastWriteTimeUtc : DateTime.UtcNow;
    }

    private void Attempt(FileSystemInfo entry, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (_options.ContinueOnError && e is IOException or UnauthorizedAccessException)
        {
            var errno = PortableCalls.ErrnoOf(e);
            var reason = CompletionDecision.ReasonOf(errno);
            _tally.Failed.Add(new TreeCopyIssue(PathOf(entry), reason, e.Message, errno));
        }
    }

    private void Skip(FileSystemInfo entry, string cause) => _tally.Skipped.Add(
        new TreeCopyIssue(PathOf(entry), FailureReason.NotARegularFile, $"{PathOf(entry)}: {cause}"));

    private string PathOf(FileSystemInfo entry) =>
        Path.Join(_command.Path, Path.GetRelativePath(Path.GetFullPath(_command.Path), entry.FullName));

    private static bool HaveSameContent(string one, string other)
    {
        using var left = File.OpenRead(one);
        using var right = File.OpenRead(other);
        var (a, b) = (new byte[1 << 16], new byte[1 << 16]);
        int length;
        do
        {
            length = left.ReadAtLeast(a, a.Length, throwOnEndOfStream: false);
            if (right.ReadAtLeast(b, b.Length, throwOnEndOfStream: false) != length
                || !a.AsSpan(0, length).SequenceEqual(b.AsSpan(0, length)))
            {
                return false;
            }
        }
        while (length > 0);
        return true;
    }
}
