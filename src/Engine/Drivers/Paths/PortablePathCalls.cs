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

    public void Delete(string path)
    {
        // The runtime has nothing to say of a file that is not there.
        if (new FileInfo(path) is { Exists: false, LinkTarget: null } && !Directory.Exists(path))
        {
            throw new FileNotFoundException($"{path} does not exist");
        }

        File.Delete(path);
    }

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

    public void SyncDirectory(string directory)
    {
    }

    private static FileSystemInfo InfoOf(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);

    private static FileKind KindOf(FileSystemInfo info) =>
        info.LinkTarget is not null ? FileKind.SymbolicLink
        : info.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
        : info.Attributes.HasFlag(FileAttributes.Device) ? FileKind.Other
        : FileKind.File;
}
