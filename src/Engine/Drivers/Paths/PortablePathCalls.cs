using Actors.Engine.Drivers.Paths.Trees;

namespace Actors.Engine.Drivers.Paths;

/// <summary>Names by the runtime's file API, for systems other than Linux.</summary>
internal sealed class PortablePathCalls : IPathCalls
{
    public FileStatus Stat(string path, bool followLinks)
    {
        var info = InfoOf(path);
        if (followLinks && info.LinkTarget is not null)
        {
            info = info.ResolveLinkTarget(true) ?? info;
        }

        if (!info.Exists)
        {
            throw new FileNotFoundException($"{path} does not exist");
        }

        return new FileStatus
        {
            Kind = KindOf(info),
            Length = info.LinkTarget is null && info is FileInfo file ? file.Length : 0,
            Mode = OperatingSystem.IsWindows() ? UnixFileMode.None : info.UnixFileMode,
            LastWriteTimeUtc = info.LastWriteTimeUtc,
            LastAccessTimeUtc = info.LastAccessTimeUtc,
            CreationTimeUtc = info.CreationTimeUtc,
        };
    }

    public void Rename(string path, string newPath, bool overwrite)
    {
        if (Directory.Exists(path))
        {
            Directory.Move(path, newPath);
        }
        else
        {
            File.Move(path, newPath, overwrite);
        }
    }

    public void Delete(string path, bool durable)
    {
        // The runtime has nothing to say of a file that is not there.
        if (new FileInfo(path) is { Exists: false, LinkTarget: null } && !Directory.Exists(path))
        {
            throw new FileNotFoundException($"{path} does not exist");
        }

        File.Delete(path);
    }

    public void Replace(Replace replace)
    {
        var path = Path.GetFullPath(replace.Path);
        RefuseUnlessReplaceable(path, replace.Path);
        var temporary = PathName.TemporaryBeside(path);
        try
        {
            WriteDurably(temporary, replace, path);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public void Commit(string temporary, string path)
    {
        RefuseUnlessReplaceable(path, path);
        File.Move(temporary, path, overwrite: true);
    }

    public void SetMode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new NotSupportedException($"{path}: Windows has no permission bits");
        }

        File.SetUnixFileMode(path, mode);
    }

    public bool CreateDirectory(string path, UnixFileMode? mode)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        _ = mode is { } bits && !OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path, bits)
            : Directory.CreateDirectory(path);
        return true;
    }

    public void DeleteDirectory(string path, bool recursive) => Directory.Delete(path, recursive);

    public IEnumerator<DirectoryEntry> List(string directory) =>
        new DirectoryInfo(directory).EnumerateFileSystemInfos()
            .Select(info => new DirectoryEntry(Path.Join(directory, info.Name), info.Name, KindOf(info)))
            .GetEnumerator();

    public Copied Copy(Copy copy)
    {
        copy.Cancellation.ThrowIfCancellationRequested();
        var temporary = PathName.TemporaryBeside(copy.Target);
        try
        {
            File.Copy(copy.Path, temporary);
            if (copy.Durable)
            {
                using var handle = File.OpenHandle(temporary, access: FileAccess.ReadWrite);
                RandomAccess.FlushToDisk(handle);
            }

            var length = new FileInfo(temporary).Length;
            File.Move(temporary, copy.Target, copy.Overwrite);
            return new Copied(copy.Path, copy.Target, length, CopyMethod.Kernel);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public TreeCopyReport CopyTree(CopyTree copy) => new PortableTreeCopy(copy).Run();

    /// <summary>New content takes the place of files and links.</summary>
    private static void RefuseUnlessReplaceable(string path, string named)
    {
        if (!Directory.Exists(PathName.DirectoryOf(path)))
        {
            throw new DirectoryNotFoundException($"the directory of {named} does not exist");
        }

        var info = InfoOf(path);
        if (info.Exists && KindOf(info) is FileKind.Directory or FileKind.Other)
        {
            throw new SystemCallException("replace", named, info is DirectoryInfo ? Errno.EISDIR : Errno.ENXIO);
        }
    }

    private static void WriteDurably(string temporary, Replace replace, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        UnixFileMode? kept = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = kept ?? replace.CreateMode ?? new OpenOptions().CreateMode;
        }

        using var stream = new FileStream(temporary, options);
        if (kept is { } mode && !OperatingSystem.IsWindows())
        {
            // Whatever umask took away.
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
        }

        stream.Write(replace.Data.Span);
        stream.Flush(flushToDisk: true);
    }

    private static FileSystemInfo InfoOf(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);

    private static FileKind KindOf(FileSystemInfo info) =>
        info.LinkTarget is not null ? FileKind.SymbolicLink
        : info.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
        : info.Attributes.HasFlag(FileAttributes.Device) ? FileKind.Other
        : FileKind.File;
}
